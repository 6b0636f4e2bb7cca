/**
 * `waitFor`: the first event that matches and was not consumed yet, or null once the deadline has passed. What was
 * accepted by the deadline counts, however late it is told: at expiry the store is read, and what it had is dropped by
 * its id when it is told later.
 */
import { formatDuration, parseDuration } from '../duration';
import type { Duration, EventMatch, Scalar } from '../header';
import type { MessageRef } from '../j';
import { matches } from '../matching';
import type { JourneyEvent } from '../run-data';
import { misuse, type Run } from './run';

type Awaited1 = string | EventMatch | MessageRef;

export interface WaitForOptions {
  within: Duration;
  since?: 'now';
  where?: Record<string, Scalar>;
}

export async function waitFor(
  run: Run,
  awaited: Awaited1 | readonly Awaited1[],
  // Types ask for them; without, it is refused by name.
  options: Partial<WaitForOptions> = {},
): Promise<unknown> {
  run.assertLive();
  const racing = Array.isArray(awaited);
  // `Array.isArray` does not narrow a readonly array away.
  const all = (racing ? awaited : [awaited]) as readonly Awaited1[];
  const step = run.name(`waitFor ${all.map(nameOf).join(', ')}`);
  if (options.within === undefined) {
    throw misuse(run.start, step, 'it does not say for how long', "Write { within: '1 day' }");
  }
  const within = parseDuration(options.within, `workflows/${run.start.run.journey}.ts, ${step}`);
  const specs = all.flatMap((one) => specOf(one, options.where));
  for (const { match } of specs) assertHeard(run, step, match.event);
  if (specs.length === 0) {
    run.record(step, 'not sent');
    return null;
  }

  const found = await firstWithin(run, { step, specs, within, fromNow: options.since === 'now' });
  if (!found) {
    run.record(step, 'expired', { within: formatDuration(within) });
    return null;
  }
  run.record(step, `heard ${found.name}`, { at: formatDuration(found.acceptedAt - run.start.startedAt) });
  return racing ? { event: found.name, properties: found.properties } : found.properties;
}

interface Spec {
  match: EventMatch;
  sendId?: string;
}

async function firstWithin(
  run: Run,
  { step, specs, within, fromNow }: { step: string; specs: Spec[]; within: number; fromNow: boolean },
): Promise<JourneyEvent | undefined> {
  let from = run.now();
  let deadline = from + within;
  const earlier = new Set(fromNow ? run.inbox : []);
  const counts = (event: JourneyEvent): boolean =>
    event.acceptedAt <= deadline &&
    !(fromNow && (event.acceptedAt < from || earlier.has(event))) &&
    specs.some(({ match }) => matches(match, event));
  const waiting = (): JourneyEvent | undefined => run.inbox.find(counts);

  const expired = async (): Promise<boolean> => {
    deadline = await run.announce(step, deadline);
    from = deadline - within;
    return (await run.waitAnnounced(step, deadline, () => waiting() !== undefined)) === 'expired';
  };

  if (!waiting() && (await expired()) && !waiting()) {
    const asked = {
      events: [...new Set(specs.map(({ match }) => match.event))],
      from: fromNow ? from : run.start.startedAt,
      until: deadline,
      ...(specs.length === 1 && specs[0]?.sendId !== undefined && { sendId: specs[0].sendId }),
    };
    const late = await run.call('catchUp', asked, step);
    for (const event of late) if (counts(event)) run.hearLate(event);
  }
  const found = waiting();
  if (found) run.inbox.splice(run.inbox.indexOf(found), 1);
  return found;
}

function specOf(awaited: Awaited1, where?: Record<string, Scalar>): Spec[] {
  if (typeof awaited === 'string') return [{ match: { event: awaited, ...(where && { where }) } }];
  if (!('sendId' in awaited)) return [{ match: awaited }];
  const { event, sendId } = awaited;
  return sendId === null ? [] : [{ match: { event, where: { message_id: sendId } }, sendId }];
}

function nameOf(awaited: Awaited1): string {
  if (typeof awaited === 'string') return awaited;
  return 'sendId' in awaited ? `${awaited.message} ${awaited.event.replace('message_', '')}` : awaited.event;
}

/** Types say this too, but a wait for what the router never tells would only show as one that expires. */
function assertHeard({ start }: Run, step: string, event: string): void {
  const { hears, onRepeat, on } = start.header;
  const heard =
    event.startsWith('message_') ||
    hears.includes(event) ||
    (onRepeat === 'hear' && on.some((trigger) => trigger.kind === 'event' && trigger.event === event));
  if (!heard) throw misuse(start, step, `this journey does not hear '${event}'`, 'List it under `hears` in the header');
}
