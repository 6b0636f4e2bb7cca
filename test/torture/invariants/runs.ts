/** P3: one trigger, one run; one live run of each kind; entry limits. And rows and executions say the same. */
import { groupBy, type Facts } from '../facts';
import type { Invariant, Violation } from './violation';
import { whose } from './whose';

type Run = Facts['runs'][number];

export const oneRunATrigger: Invariant = ({ runs }) =>
  [...groupBy(runs, (run) => `${run.journey} from event ${run.trigger_event_id}`)].flatMap(([which, same]) =>
    same.length > 1 ? [{ promise: 'P3', what: `${same.length} runs of ${which}`, person: same[0]!.person_id }] : [],
  );

/** Each run with those of its journey that began before it, as runs of the same person for certain. */
function withEarlier(facts: Facts): { run: Run; earlier: Run[] }[] {
  const { runs, merged } = facts;
  const { run: of, same } = whose(facts);
  return [...groupBy(runs, (run) => `${run.journey} ${run.person_id}`).values()].flatMap((all) => {
    const ordered = all.toSorted((a, b) => Number(a.number) - Number(b.number));
    return ordered.map((run, index) => {
      const before = ordered.slice(0, index);
      return { run, earlier: merged.has(run.person_id) ? before.filter((one) => same(of(one), of(run))) : before };
    });
  });
}

/** Of one journey, person and key, each run has ended before the next began, by their numbers. */
export const oneLiveRun: Invariant = (facts) =>
  withEarlier(facts).flatMap(({ run, earlier }) => {
    const overlapping = earlier.filter(
      ({ key, end_number }) => key === run.key && (end_number === null || Number(end_number) > Number(run.number)),
    );
    return overlapping.map(({ id }): Violation => {
      const what = `runs ${id} and ${run.id} of ${run.journey}, key ${run.key}, overlap`;
      return { promise: 'P3', what, person: run.person_id };
    });
  });

/** How long after the last run of its journey this one may begin, by the rules that it started with. */
function apartAtLeast({ header: { entry } }: Run): number {
  if (entry.kind === 'once') return Infinity;
  return entry.kind === 'per' ? entry.everyMs : 0;
}

export const entryLimits: Invariant = (facts) =>
  withEarlier(facts).flatMap(({ run, earlier }) =>
    earlier.flatMap((before): Violation[] => {
      const apart = run.started_at.getTime() - before.started_at.getTime();
      if (apart >= apartAtLeast(run)) return [];
      const what = `runs ${before.id} and ${run.id} of ${run.journey} began ${apart} ms apart`;
      return [{ promise: 'P3', what, person: run.person_id }];
    }),
  );

/** A request that was answered `triggered` has that run. */
export const requestsHaveRuns: Invariant = ({ runs, events, known }) => {
  const eventOf = new Map(events.map((event) => [event.message_id, event]));
  const runOf = new Map(runs.map((run) => [run.id, run]));
  return known.requested.flatMap(({ messageId, journey, run }): Violation[] => {
    if (run === undefined) return [];
    const row = runOf.get(run);
    if (row?.journey === journey && row.trigger_event_id === eventOf.get(messageId)?.id) return [];
    return [{ promise: 'P3', what: `${messageId} was told that it triggered run ${run}`, person: row?.person_id }];
  });
};

/** After the calm every run has ended, here and there, and nothing of Sojourn's runs on in Temporal. */
export const allHaveEnded: Invariant = ({ runs, executions }) => [
  ...runs.flatMap((run) =>
    run.state === 'live'
      ? [{ promise: 'P1', what: `run ${run.id} (${run.workflow_id}) hangs`, person: run.person_id }]
      : [],
  ),
  ...executions.flatMap(({ workflowId, temporalRunId, status }) =>
    status === 'RUNNING' ? [{ promise: 'P1', what: `execution ${workflowId} ${temporalRunId} hangs` }] : [],
  ),
];

/** What a run reports of its steps has no gaps. */
export const tracesAreWhole: Invariant = ({ runs, steps }) => {
  const byRun = groupBy(steps, ({ run_id }) => run_id);
  return runs.flatMap((run): Violation[] => {
    const positions = (byRun.get(run.id) ?? []).map(({ position }) => position).sort((a, b) => a - b);
    const gap = positions.findIndex((position, index) => position !== index);
    if (gap < 0) return [];
    return [{ promise: 'trace', what: `run ${run.id} lacks step ${gap} of its trace`, person: run.person_id }];
  });
};
