/** P3: one trigger, one run; one live run of each kind; entry limits. And rows and executions say the same. */
import { groupBy } from '../facts';
import type { Invariant, Violation } from './violation';

export const oneRunATrigger: Invariant = ({ runs }) =>
  [...groupBy(runs, (run) => `${run.journey} from event ${run.trigger_event_id}`)].flatMap(([which, same]) =>
    same.length > 1 ? [{ promise: 'P3', what: `${same.length} runs of ${which}`, person: same[0]!.person_id }] : [],
  );

/** Of one journey, person and key, each run has ended before the next began, by their numbers. */
export const oneLiveRun: Invariant = ({ runs, merged }) =>
  [...groupBy(runs, (run) => `${run.journey} of person ${run.person_id}, key ${run.key}`)].flatMap(([which, same]) => {
    const [{ person_id: person } = { person_id: '' }] = same;
    if (merged.has(person)) return [];
    const ordered = same.toSorted((a, b) => Number(a.number) - Number(b.number));
    return ordered.flatMap((run, index): Violation[] => {
      const next = ordered[index + 1];
      const overlaps = next && (run.end_number === null || Number(run.end_number) > Number(next.number));
      return overlaps ? [{ promise: 'P3', what: `runs ${run.id} and ${next.id} of ${which} overlap`, person }] : [];
    });
  });

const limits: Record<string, number> = { reminder: 8_000, asked: 5_000, welcome: Infinity };

export const entryLimits: Invariant = ({ runs, merged }) =>
  [...groupBy(runs, (run) => `${run.journey} ${run.person_id}`)].flatMap(([, same]) => {
    const [{ journey, person_id: person } = { journey: '', person_id: '' }] = same;
    const limit = limits[journey];
    if (limit === undefined || merged.has(person)) return [];
    const starts = same.toSorted((a, b) => Number(a.number) - Number(b.number));
    return starts.flatMap((run, index): Violation[] => {
      const next = starts[index + 1];
      const apart = next ? next.started_at.getTime() - run.started_at.getTime() : Infinity;
      return next && apart < limit
        ? [{ promise: 'P3', what: `runs ${run.id} and ${next.id} of ${journey} began ${apart} ms apart`, person }]
        : [];
    });
  });

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
