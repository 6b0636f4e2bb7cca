/**
 * May this message go to this person now? A pure decision over what the guard has read under the person's lock; the
 * simulator asks it too. What will not change comes first, so that a run is not held for a message that can never go.
 */
import type { Outcome, SkipReason } from '../journey';
import type { MessageKind } from './message';
import { readConsent, type Choice, type Topic } from './topics';

export interface SendLimits {
  /** Marketing messages per person in `windowMs`. */
  marketingPerWindow: number;
  /** How many of these only messages of high priority may use. */
  keptForHigh: number;
  /** Of the stack's milliseconds. */
  windowMs: number;
}

export const defaultLimits: SendLimits = { marketingPerWindow: 4, keptForHigh: 1, windowMs: 24 * 60 * 60 * 1000 };

export interface GuardInput {
  /** The stack's milliseconds. */
  now: number;
  /** Undefined when there is no such run any more. */
  run?: { live: boolean; outcome?: Outcome; holdout: boolean; mode: 'live' | 'shadow' | 'paused' };
  message: {
    kind: MessageKind;
    topic?: Topic;
    capped: boolean;
    cooldownMs?: number;
    priority: 'normal' | 'high';
    paused: boolean;
  };
  /** Undefined when the person was erased. `address` only if something can be sent there. */
  person?: { address?: string; suppressed?: string; choices: Choice[] };
  /** Other sends to this person, of any run, that went out or may have. */
  history: { marketingInWindow: number; lastOfMessageAt?: number };
  limits: SendLimits;
}

export type Verdict =
  | { verdict: 'claim' }
  | { verdict: 'skip'; reason: SkipReason; why: Record<string, unknown> }
  | { verdict: 'hold'; reason: 'journey_paused' | 'message_paused'; untilMs?: number };

const skip = (reason: SkipReason, why: Record<string, unknown> = {}): Verdict => ({ verdict: 'skip', reason, why });

export function judge(input: GuardInput): Verdict {
  const { run, message, person } = input;
  if (!person) return skip('erased');
  if (!run) return skip('superseded');
  if (!run.live) return skip(reasonOfEnd(run.outcome), { outcome: run.outcome });
  if (run.holdout) return skip('holdout');
  if (person.address === undefined) return skip('unreachable');
  if (person.suppressed !== undefined) return skip('suppressed', { because: person.suppressed });
  if (message.kind === 'marketing') {
    const consent = readConsent(message.topic, person.choices);
    if (consent !== 'granted') return skip(consent, { topic: message.topic?.id });
  }
  if (run.mode === 'paused') return { verdict: 'hold', reason: 'journey_paused' };
  if (message.paused) return { verdict: 'hold', reason: 'message_paused' };
  return tooOften(input) ?? (run.mode === 'shadow' ? skip('shadow') : { verdict: 'claim' });
}

function tooOften({ now, message, history, limits }: GuardInput): Verdict | undefined {
  const { lastOfMessageAt, marketingInWindow } = history;
  if (message.cooldownMs !== undefined && lastOfMessageAt !== undefined && now < lastOfMessageAt + message.cooldownMs) {
    return skip('cooldown', { lastSentAt: lastOfMessageAt, cooldownMs: message.cooldownMs });
  }
  if (message.kind === 'transactional' || !message.capped) return undefined;
  const mayUse = limits.marketingPerWindow - (message.priority === 'high' ? 0 : limits.keptForHigh);
  return marketingInWindow >= mayUse
    ? skip('capped', { sent: marketingInWindow, mayUse, windowMs: limits.windowMs })
    : undefined;
}

function reasonOfEnd(outcome: Outcome | undefined): SkipReason {
  return outcome === 'erased' || outcome === 'superseded' ? outcome : 'exited';
}
