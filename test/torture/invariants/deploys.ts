/** P8: a run does what the code says that it started with, new ones start on the new code, and processes stop in order. */
import { groupBy, type Facts } from '../facts';
import type { Invariant, Violation } from './violation';

type Run = Facts['runs'][number];

/** The whole trace of runs that came to the end of their body, where it is the same for all of one generation. */
const bodies: Record<string, (isOdd: boolean) => string[]> = {
  order: (isOdd) => ['send receipt', ...(isOdd ? ['sleep 1s'] : []), 'sleep 2s', 'send parcel'],
  welcome: (isOdd) => [...(isOdd ? [] : ['update welcomed']), 'send tip', 'emit welcomed'],
  shade: () => ['sleep 1s', 'send note'],
};

/** All that a run has sent and emitted, and each of its steps, is of the code that its row names. */
export const ownCode: Invariant = ({ runs, sends, events, steps, generations, known }) => {
  const sent = groupBy(sends, ({ run_id }) => run_id);
  const emitted = groupBy(
    events,
    ({ message_id }) => /^sojourn:step\/[^/]+\/.+\/(\d+)\/emit /.exec(message_id)?.[1] ?? '',
  );
  const traces = groupBy(steps, ({ run_id }) => run_id);
  // One that was sent back to its very start has begun anew, on the code of then.
  const begunAnew = new Set(known.inTemporal.filter(({ fromStart }) => fromStart).map(({ run }) => run));
  return runs.flatMap((run): Violation[] => {
    if (begunAnew.has(run.id)) return [];
    const said = [
      ...(sent.get(run.id) ?? []).map(({ props }) => props.generation),
      ...(emitted.get(run.number) ?? []).map(({ properties }) => properties.generation),
    ];
    const own = generations.get(run.version ?? '');
    const wrong = (what: string) => [
      { promise: 'P8', what: `run ${run.id} (${run.journey}, generation ${own}) ${what}`, person: run.person_id },
    ];
    if (said.some((generation) => generation !== own)) return wrong(`did what generation ${said.join(' and ')} says`);
    const body = run.outcome === 'completed' ? bodies[run.journey]?.((own ?? 0) % 2 === 1) : undefined;
    // A send that is held back shows each time that it is asked for again.
    const done = (traces.get(run.id) ?? []).filter(({ result }) => !result.startsWith('held'));
    const trace = done.toSorted((a, b) => a.position - b.position).map(({ step }) => step);
    return body && body.join() !== trace.join() ? wrong(`has done ${trace.join(', ')}`) : [];
  });
};

/** A client that started it in Temporal did so before Sojourn knew of it. */
const isAdopted = ({ trigger }: Run) => trigger.properties.adopt !== undefined;

/** What is decided once a deploy is done starts on its code, or on later code; the last one is what Temporal ends with. */
export const newRunsAreNew: Invariant = ({ runs, generations, newest, current, known }) => {
  const old = runs.flatMap((run): Violation[] => {
    const own = generations.get(run.version ?? '');
    if (own === undefined || isAdopted(run)) return [];
    const missed = known.deploys.find(
      ({ generation, doneAt }) => doneAt !== undefined && doneAt < run.wall_created_at.getTime() && own < generation,
    );
    if (!missed) return [];
    const what = `run ${run.id} (${run.journey}) began on generation ${own}, when ${missed.generation} was everywhere`;
    return [{ promise: 'P8', what, person: run.person_id }];
  });
  if (current === newest) return old;
  return [...old, { promise: 'P8', what: `Temporal gives new runs to generation ${current}; the newest is ${newest}` }];
};

/** When an attempt to send is given up, and the worker with it, if it does not end; and a lot for a busy machine. */
const stopWithinMs = 45_000 + 45_000;

/** What was told to stop has done so in time and well. While a part that it needs was away, it may have waited for it. */
export const stopsAreOrderly: Invariant = ({ known: { stops, troubles } }) =>
  stops.flatMap(({ target, from, until, code }): Violation[] => {
    const away = troubles
      .filter((one) => one.target === 'postgres' || one.target === 'temporal')
      .reduce((sum, one) => sum + Math.max(0, Math.min(until, one.until) - Math.max(from, one.from)), 0);
    const took = until - from;
    if (code === 0 && took <= stopWithinMs + away) return [];
    return [{ promise: 'stop', what: `${target} took ${took} ms to stop, and exited with ${code}` }];
  });
