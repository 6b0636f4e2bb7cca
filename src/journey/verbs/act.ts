/** The verbs that ask and do: `check`, `send`, `experiment`, `update`, `emit`. */
import { addressNames } from '../addresses';
import { formatDuration, hour, second } from '../duration';
import { wrongWeights } from '../experiment';
import type { MessageEventName, MessageRef, SendResult } from '../j';
import type { SendRequest } from '../port';
import type { SendOutcome } from '../run-data';
import { cutBetweenCharacters } from '../storable';
import { misuse, type Run } from './run';

/** How long a send that is held waits when nothing says until when. */
const holdMs = hour;

export async function check(run: Run, name: string, args?: unknown): Promise<unknown> {
  run.assertLive();
  const step = run.name(`check ${name}`);
  const answer = await run.call('check', { name, args: args ?? null, trigger: run.start.event });
  run.record(step, inAWord(answer), {
    ...(args !== undefined && { args }),
    ...(typeof answer === 'object' && answer !== null && { answer }),
  });
  return answer;
}

export async function experiment(run: Run, name: string, weights: Record<string, number>): Promise<string> {
  run.assertLive();
  const step = run.name(`experiment ${name}`);
  const wrong = wrongWeights(weights);
  if (wrong) throw misuse(run.start, step, wrong.what, wrong.remedy);
  const variant = await run.call('assign', { experiment: name, weights });
  run.record(step, variant, { weights });
  return variant;
}

/** Addresses must not pass through Temporal, whose histories are kept as they are. */
export async function update(run: Run, traits: Record<string, unknown>): Promise<void> {
  run.assertLive();
  const step = run.name(`update ${Object.keys(traits).join(', ')}`);
  const address = Object.keys(traits).find((name) => addressNames.includes(name.toLowerCase()));
  if (address !== undefined) {
    throw misuse(run.start, step, `it sets '${address}', and Temporal would keep that`, 'Set addresses by identify');
  }
  await run.call('update', { stepKey: run.stepKey(step), traits });
  const own = run.start.person.traits;
  for (const [name, value] of Object.entries(traits)) {
    if (value === null) delete own[name];
    else own[name] = value;
  }
  run.record(step, 'done');
}

export async function emit(run: Run, event: string, properties: Record<string, unknown>): Promise<void> {
  run.assertLive();
  const step = run.name(`emit ${event}`);
  await run.call('emit', { stepKey: run.stepKey(step), event, properties, trigger: run.start.event });
  run.record(step, 'done');
}

/** Asks again with the same key while the send is held: until the time it is held to, or until the run is woken. */
export async function send(
  run: Run,
  message: string,
  props: Record<string, unknown>,
  channel?: string,
): Promise<SendResult> {
  run.assertLive();
  const step = run.name(`send ${message}`);
  const request: SendRequest = { stepKey: run.stepKey(step), step, message, props, ...(channel && { channel }) };
  let heldFor: string | undefined;
  for (;;) {
    const wakes = run.wakes;
    const outcome = await run.call('send', request);
    if (outcome.status !== 'held') {
      run.record(step, outcome.status, whyOf(outcome));
      run.assertLive();
      return resultOf(message, outcome);
    }
    const until = outcome.untilMs === undefined ? run.now() + holdMs : Math.max(outcome.untilMs, run.now() + second);
    if (outcome.reason !== heldFor) {
      run.record(step, 'held', {
        reason: outcome.reason,
        ...(outcome.untilMs !== undefined && { until: formatDuration(outcome.untilMs - run.start.startedAt) }),
      });
    }
    heldFor = outcome.reason;
    run.assertLive();
    await run.wait(step, until, () => run.wakes > wakes);
  }
}

function whyOf(outcome: Exclude<SendOutcome, { status: 'held' }>): Record<string, unknown> {
  if (outcome.status === 'skipped') return { reason: outcome.reason, ...outcome.why };
  return outcome.status === 'failed' ? { reason: outcome.reason } : {};
}

function resultOf(message: string, outcome: Exclude<SendOutcome, { status: 'held' }>): SendResult {
  const sendId = outcome.status === 'sent' || outcome.status === 'uncertain' ? outcome.id : null;
  const ref = <N extends MessageEventName>(event: N): MessageRef<N> => ({ event, message, sendId });
  const refs = {
    clicked: ref('message_clicked'),
    opened: ref('message_opened'),
    delivered: ref('message_delivered'),
  };
  switch (outcome.status) {
    case 'skipped':
      return { status: 'skipped', id: outcome.id, reason: outcome.reason, ...refs };
    case 'failed':
      return { status: 'failed', id: outcome.id, reason: outcome.reason, ...refs };
    default:
      return { status: outcome.status, id: outcome.id, ...refs };
  }
}

function inAWord(answer: unknown): string {
  if (typeof answer === 'boolean') return answer ? 'yes' : 'no';
  if (answer === null || answer === undefined) return 'nothing';
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return text.length > 60 ? `${cutBetweenCharacters(text, 59)}…` : text;
}
