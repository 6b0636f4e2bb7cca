/** What checks in `activities/`, and the loaders of messages, get to answer from: a person's traits, events and cart. */
import type { JourneyEvent } from '../journey';
import type { Cart } from './cart';

export interface CheckContext {
  person: { id: string; userId?: string; traits: Record<string, unknown> };
  /** What started the run that asks. */
  trigger: JourneyEvent;
  /** The stack's time, in milliseconds. */
  now: number;
  /** The person's events of these names, oldest first; with `since`, only what happened at or after it. */
  events(names: readonly string[], options?: { since?: number }): Promise<JourneyEvent[]>;
  cart(): Promise<Cart>;
}

export type Check<Args, Result> = (ask: CheckContext, args: Args) => Promise<Result>;

/**
 * A check, as a file in `activities/` exports it. It answers JSON, which is recorded: a replay sees the same answer.
 *
 * @example
 * export default check(async (ask) => (await ask.cart()).count > 0);
 */
export function check<Result, Args = void>(
  answer: (ask: CheckContext, args: Args) => Result | Promise<Result>,
): Check<Args, Result> {
  return async (ask, args) => answer(ask, args);
}

/** What each check takes and answers, by name. */
export type ChecksOf<C> = {
  [N in keyof C]: C[N] extends Check<infer Args, infer Result> ? { args: Args; result: Result } : never;
};
