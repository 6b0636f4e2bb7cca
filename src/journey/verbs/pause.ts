/** The verbs that let time pass: `sleep`, `sleepUntil`, `idle`. */
import { formatDuration, parseDuration } from '../duration';
import type { Duration } from '../header';
import { nameOf, timeOf, zoneOf, type When } from '../sleep-until';
import { activityOf } from '../trigger-facts';
import type { Run } from './run';

export async function sleep(run: Run, duration: Duration): Promise<void> {
  run.assertLive();
  const ms = parseDuration(duration, where(run, 'sleep'));
  const step = run.name(`sleep ${formatDuration(ms)}`);
  await run.wait(step, run.now() + ms);
  run.record(step, 'done');
}

export async function sleepUntil(run: Run, when: When): Promise<void> {
  run.assertLive();
  const asked = timeOf(when, {
    now: run.now(),
    zone: zoneOf(run.start.person.traits),
    where: where(run, 'sleepUntil'),
  });
  const step = run.name(`sleepUntil ${nameOf(when)}`);
  const until = await run.announce(step, asked);
  const why = { until: formatDuration(until - run.start.startedAt) };
  if (until <= run.now()) return run.record(step, 'passed already', why);
  await run.waitAnnounced(step, until);
  run.record(step, 'done', why);
}

/**
 * Lazy: sleeps until it could be reached at the earliest, asks when the person was last active, and sleeps for the
 * rest. So it costs nothing per event.
 */
export async function idle(run: Run, duration: Duration, of?: readonly string[]): Promise<void> {
  run.assertLive();
  const ms = parseDuration(duration, where(run, 'idle'));
  const step = run.name(`idle ${formatDuration(ms)}${of ? ` of ${of.join(', ')}` : ''}`);
  let last = activityKnownAtStart(run, of);
  let reached = last === undefined ? run.now() : last + ms;
  let waited: string | undefined;
  for (;;) {
    // The first time whatever the time is, which is not to be relied on before a call (see `Run.announce`).
    if (waited === undefined || reached > run.now()) {
      reached = await run.announce(step, reached);
      await run.waitAnnounced(step, reached);
      waited = step;
    }
    // What is known from the start stands when the store knows nothing later: facts of a request, for one.
    const asked = await run.call('lastActive', of ? { of: [...of] } : {}, waited);
    if (asked !== null) last = Math.max(asked, last ?? asked);
    const next = last === undefined ? reached : last + ms;
    if (next <= Math.max(run.now(), reached)) break;
    reached = next;
  }
  run.record(step, 'reached', {
    lastActivity: last === undefined ? 'none' : formatDuration(last - run.start.startedAt),
  });
}

function activityKnownAtStart({ start: { event } }: Run, of?: readonly string[]): number | undefined {
  return of && !of.includes(event.name) ? undefined : activityOf(event);
}

function where(run: Run, verb: string): string {
  return `workflows/${run.start.run.journey}.ts, ${verb}`;
}
