/**
 * How far a visitor of the demo has come, read from their timeline as any admin could read it. Pure: what the API
 * answered comes in.
 */
import { z } from 'zod';
import { cartEvents, cartOf } from '../behaviour';
import { parseDuration, type Duration } from '../journey';
import { markedLines, type Trail } from './code-marks';
import type { MailLine, ProgressAnswer, Reminder } from './shop/answers';
import type { MailSummary, Run, TimelineItem } from './sojourn-api';

/** The journey that the guide is about, and its message. */
export const journey = 'cart-abandonment';
const message = 'cart-reminder';

/** The journey's file. */
export interface Code {
  file: string;
  source: string;
}

export interface Seen {
  /** Newest first, as `GET /v1/people/:id/timeline` has them. */
  timeline: TimelineItem[];
  /** Newest first. */
  runs: Run[];
  /** Newest first; unset with a real mail server. */
  mails?: MailSummary[];
  /** Unset where the project has no such journey. */
  code?: Code;
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
  run: z.string().nullable(),
  inputs: z.record(z.string(), z.unknown()),
});

/** The items of one kind, newest first; one that has another shape than expected is passed over. */
function ofKind<T>(seen: Seen, shape: z.ZodType<T>): T[] {
  return seen.timeline.flatMap((item) => shape.safeParse(item).data ?? []);
}

export function progressOf(seen: Seen): Pick<ProgressAnswer, 'cart' | 'reminder' | 'temporalRun' | 'code' | 'mails'> {
  const run = seen.runs.find((one) => one.journey === journey);
  const bought = ofKind(seen, event).toReversed();
  const { value, count, currency = 'EUR' } = cartOf(bought.filter(({ name }) => cartEvents.includes(name)));
  const reminder = run ? ofRun(seen, run) : withoutRun(seen);
  return {
    cart: count > 0 ? { value, count, currency } : null,
    reminder,
    temporalRun: run?.temporal ?? null,
    code: codeOf(seen.code, run ? trailOf(seen, run, reminder) : { refused: refusalOf(seen), steps: [] }),
    mails: seen.mails?.map(mailLine) ?? null,
  };
}

const mailLine = ({ id, at, stackAt, subject }: MailLine): MailLine => ({ id, at, stackAt, subject });

/** The file's lines as they are before anything has happened, or with what has. */
export function codeOf(code: Code | undefined, trail?: Trail): ProgressAnswer['code'] {
  return code ? { file: code.file, lines: markedLines(code.source, trail) } : null;
}

function trailOf(seen: Seen, run: Run, reminder: Reminder): Trail {
  const steps = ofKind(seen, step).filter((one) => one.run === run.id);
  const { waiting } = run;
  const until = waiting?.until == null ? null : wallMs(seen, Date.parse(waiting.until));
  return {
    entered: ofKind(seen, decision).find((one) => one.run === run.id && one.verdict === 'entered'),
    steps: steps.toReversed(),
    ...(waiting && {
      // An `idle` looks at what was done meanwhile only when its first time is over.
      waiting: { step: waiting.step, dueInMs: reminder.state === 'waiting' ? reminder.dueInMs : until },
    }),
    ...(run.state === 'ended' && { ended: { outcome: run.outcome ?? '', reason: run.reason } }),
  };
}

function refusalOf(seen: Seen): { reason: string; inputs: Record<string, unknown> } | undefined {
  const refused = ofKind(seen, decision).find((one) => one.journey === journey && one.verdict === 'refused');
  return refused && { reason: refused.reason ?? 'refused', inputs: refused.inputs };
}

function withoutRun(seen: Seen): Reminder {
  const refused = refusalOf(seen);
  return refused ? { state: 'refused', reason: refused.reason } : { state: 'none' };
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
  return wallMs(seen, last + parseDuration(patience as Duration));
}

const wallMs = ({ now, timeScale }: Seen, at: number): number => Math.max(0, Math.round((at - now) / timeScale));
