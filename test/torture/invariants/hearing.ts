/** P4: listeners have heard what was decided for them, in that order, and all that was accepted while they waited. */
import { groupBy, type Facts } from '../facts';
import type { Invariant, Violation } from './violation';
import { whose } from './whose';

type Run = Facts['runs'][number];
type Event = Facts['events'][number];

/** What each listener reported, by the id of the event that started it. */
function listeners({ runs, events }: Facts) {
  const reports = new Map(
    events.filter(({ name }) => name === 'listened').map((event) => [String(event.properties.run), event]),
  );
  return runs.flatMap((run) => {
    const report = run.journey === 'listener' ? reports.get(String(run.trigger_event_id)) : undefined;
    return report ? [{ run, report, heard: report.properties.heard as number[] }] : [];
  });
}

/** What came to somebody who was merged meanwhile may be read from the store without a verdict: only its order is looked at. */
export const inOrder: Invariant = (facts) => {
  const numberOf = new Map(facts.events.map(({ id, properties }) => [id, properties.n]));
  const verdicts = groupBy(
    facts.decisions.filter(({ verdict }) => verdict === 'heard'),
    ({ run_id }) => run_id ?? '',
  );
  return listeners(facts).flatMap(({ run, heard }): Violation[] => {
    const decided = (verdicts.get(run.id) ?? []).map(({ event_id }) => numberOf.get(event_id));
    const looked = facts.merged.has(run.person_id) ? heard.filter((n) => decided.includes(n)) : heard;
    if (looked.every((n, index) => decided[index] === n)) return [];
    const what = `run ${run.id} heard ${heard.join(' ')}; decided was ${decided.join(' ')}`;
    return [{ promise: 'P4', what, person: run.person_id }];
  });
};

const waitMs = 4_000;

/** What was acknowledged before a wait was over has been heard. */
export const nothingMissed: Invariant = (facts) => {
  const { known, merged, events, steps } = facts;
  const whoseIs = whose(facts);
  const idOf = new Map(events.map((event) => [event.message_id, event]));
  const items = known.reported.flatMap(({ name, messageId, ackedAt }) => {
    const event = idOf.get(messageId);
    return name === 'view_item' && ackedAt !== undefined && event ? [{ ackedAt, event }] : [];
  });
  const byPerson = groupBy(items, ({ event }) => event.person_id);
  const reset = new Set(known.inTemporal.filter(({ did }) => did === 'reset').map(({ workflowId }) => workflowId));
  const byRun = groupBy(steps, ({ run_id }) => run_id);
  return listeners(facts).flatMap(({ run, heard }): Violation[] => {
    if (reset.has(run.workflow_id) || heard.length >= 40) return [];
    const isTheirs = (event: Event) =>
      !merged.has(run.person_id) || whoseIs.same(whoseIs.run(run), whoseIs.event(event));
    // The last wait began when the one before it was over, or when the run did.
    const waits = (byRun.get(run.id) ?? []).filter(({ step }) => step.startsWith('waitFor'));
    const last = waits.toSorted((a, b) => a.position - b.position).at(-2)?.at ?? run.started_at;
    const deadline = last.getTime() + waitMs;
    const missed = (byPerson.get(run.person_id) ?? []).filter(
      ({ ackedAt, event }) =>
        BigInt(event.id) > BigInt(run.trigger_event_id ?? 0) &&
        ackedAt <= deadline &&
        isTheirs(event) &&
        !heard.includes(Number(event.properties.n)),
    );
    return missed.map(({ event }) => ({
      promise: 'P4',
      what: `run ${run.id} did not hear ${String(event.properties.n)} (event ${event.id}), acknowledged in time`,
      person: run.person_id,
    }));
  });
};

/** By the rules that the run itself started with. */
const ends = ({ header: { exitOn, goal } }: Run, name: string) =>
  [...exitOn, goal].some((match) => match?.event === name);
/** Ends that a run comes to by itself, or by an event: all that is accepted before them is decided first. */
const own = ['completed', 'exited', 'converted'];

/** An event that ends a run, reported after the run had begun and acknowledged before its end, is what ended it. */
export const endsAreHeard: Invariant = (facts) => {
  const { runs, events, known, merged, decisions } = facts;
  const whoseIs = whose(facts);
  const reports = new Map(known.reported.map((report) => [report.messageId, report]));
  const decided = new Set(decisions.map(({ event_id, run_id, verdict }) => `${event_id} ${verdict} ${run_id}`));
  const begun = new Map(
    decisions
      .filter(({ verdict }) => verdict === 'entered')
      .map(({ run_id, decided_at }) => [run_id, decided_at.getTime()]),
  );
  const byPerson = groupBy(runs, ({ person_id }) => person_id);
  return events.flatMap((event): Violation[] => {
    const { sentAt, ackedAt } = reports.get(event.message_id) ?? {};
    if (sentAt === undefined || ackedAt === undefined) return [];
    const isTheirs = (run: Run) => !merged.has(event.person_id) || whoseIs.same(whoseIs.run(run), whoseIs.event(event));
    const missed = (byPerson.get(event.person_id) ?? []).filter(
      (run) =>
        ends(run, event.name) &&
        isTheirs(run) &&
        own.includes(run.outcome ?? '') &&
        (begun.get(run.id) ?? Infinity) < sentAt &&
        (run.ended_at?.getTime() ?? 0) > ackedAt &&
        !decided.has(`${event.id} ended ${run.id}`),
    );
    return missed.map((run) => ({
      promise: 'P4',
      what: `run ${run.id} (${run.journey}) went on after event ${event.id} (${event.name})`,
      person: run.person_id,
    }));
  });
};
