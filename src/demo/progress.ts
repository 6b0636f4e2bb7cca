/**
 * How far a visitor of the demo has come, read from their timeline as any admin could read it. Pure: what the API
 * answered comes in.
 */
import { z } from 'zod';
import { cartEvents, cartOf } from '../behaviour';
import { parseDuration, type Duration } from '../journey';
import type { MailLine, ProgressAnswer, Reminder } from './shop/answers';
import type { MailSummary, Run, TimelineItem } from './sojourn-api';

/** The journey that the guide is about, and its message. */
const journey = 'cart-abandonment';
const message = 'cart-reminder';

export interface Seen {
  /** Newest first, as `GET /v1/people/:id/timeline` has them. */
  timeline: TimelineItem[];
  /** Newest first. */
  runs: Run[];
  /** Newest first; unset with a real mail server. */
  mails?: MailSummary[];
  /** The stack's milliseconds, and how many of them pass in one of the wall's. */
  now: number;
  timeScale: number;
}

const event = z.looseObject({
  kind: z.literal('event'),
  type: z.string(),
  name: z.string(),
  occurredAt: z.string(),
  properties: z.record(z.string(), z.unknown()),
  source: z.string(),
});
const step = z.looseObject({ kind: z.literal('step'), run: z.string(), step: z.string(), result: z.string() });
const sent = z.looseObject({
  kind: z.literal('message'),
  run: z.string(),
  id: z.string(),
  message: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
});
const decision = z.looseObject({
  kind: z.literal('decision'),
  journey: z.string(),
  verdict: z.string(),
  reason: z.string().nullable(),
});

/** The items of one kind, newest first; one that has another shape than expected is passed over. */
function ofKind<T>(seen: Seen, shape: z.ZodType<T>): T[] {
  return seen.timeline.flatMap((item) => shape.safeParse(item).data ?? []);
}

export function progressOf(seen: Seen): Pick<ProgressAnswer, 'cart' | 'reminder' | 'temporalRun' | 'mails'> {
  const run = seen.runs.find((one) => one.journey === journey);
  const bought = ofKind(seen, event).toReversed();
  const { value, count, currency = 'EUR' } = cartOf(bought.filter(({ name }) => cartEvents.includes(name)));
  return {
    cart: count > 0 ? { value, count, currency } : null,
    reminder: run ? ofRun(seen, run) : withoutRun(seen),
    temporalRun: run?.temporal ?? null,
    mails: seen.mails?.map(mailLine) ?? null,
  };
}

const mailLine = ({ id, at, subject }: MailLine): MailLine => ({ id, at, subject });

function withoutRun(seen: Seen): Reminder {
  const refused = ofKind(seen, decision).find((one) => one.journey === journey && one.verdict === 'refused');
  return refused ? { state: 'refused', reason: refused.reason ?? 'refused' } : { state: 'none' };
}

function ofRun(seen: Seen, run: Run): Reminder {
  const send = ofKind(seen, sent).find((one) => one.run === run.id && one.message === message);
  if (send?.state === 'sent' || send?.state === 'delivered') {
    // A Message-ID is made of the send's own id.
    const mail = seen.mails?.find(({ messageId }) => messageId.startsWith(`<${send.id}@`));
    return { state: 'sent', mail: mail ? mailLine(mail) : null };
  }
  if (send?.state === 'skipped' || send?.state === 'failed' || send?.state === 'uncertain') {
    return { state: 'not_sent', reason: send.reason ?? send.state };
  }
  if (send) return { state: 'sending' };
  if (run.state === 'ended') return { state: 'not_sent', reason: run.reason ?? run.outcome ?? 'ended' };
  const steps = ofKind(seen, step).filter((one) => one.run === run.id);
  if (steps.some((one) => one.step.startsWith('idle') && one.result === 'reached')) return { state: 'sending' };
  const patience = steps.find((one) => one.step === 'experiment cart-patience')?.result ?? null;
  return { state: 'waiting', patience, dueInMs: patience === null ? null : dueInMs(seen, patience) };
}

/** The wall's milliseconds until nobody will have done anything for as long as the run waits for. */
function dueInMs(seen: Seen, patience: string): number {
  const acts = ofKind(seen, event).filter(
    ({ type, source }) => ['track', 'page', 'screen'].includes(type) && source !== 'message',
  );
  const last = Math.max(...acts.map(({ occurredAt }) => Date.parse(occurredAt)));
  const due = last + parseDuration(patience as Duration);
  return Math.max(0, Math.round((due - seen.now) / seen.timeScale));
}
