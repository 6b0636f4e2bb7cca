/** What checks in `activities/`, and the loaders of messages, get to answer from: a person's traits, events and cart. */
import { ContentError } from '../errors';
import type { JourneyEvent, StaticTypeError } from '../journey';
import type { AsJson } from './as-json';
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
 * A check, as a file in `activities/` exports it. It answers JSON, which is recorded: a replay sees the same answer. What a
 * journey asks it with is JSON, too.
 *
 * @example
 * export default check(async (ask) => (await ask.cart()).count > 0);
 */
export function check<Result, Args = void>(
  answer: (ask: CheckContext, args: Args) => Result | Promise<Result>,
): Check<Args, Result> {
  return async (ask, args) => answer(ask, args);
}

/**
 * What a check answers, as the run that asks gets it on every clock: JSON, and null where there is nothing of it. Throws
 * `ContentError` for what JSON can't hold: asked again, the check would answer no better.
 */
export async function answerOf(
  name: string,
  check: Check<never, unknown>,
  ask: CheckContext,
  args: unknown,
): Promise<unknown> {
  // The compiler held the arguments against the check where the journey was written.
  const answer = await check(ask, args as never);
  try {
    return JSON.parse(JSON.stringify(answer) ?? 'null') as unknown;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ContentError(
      `activities/${name}.ts`,
      `its answer is no JSON (${why.split('\n', 1)[0]})`,
      'Answer with text, numbers, booleans, null, and lists and objects of these',
    );
  }
}

/** What each check takes and answers, by name: JSON carries both. */
export type ChecksOf<C> = {
  [N in keyof C]: C[N] extends Check<infer Args, infer Result>
    ? { args: Carried<Args>; result: AsJson<Result> }
    : never;
};

/** Arguments that arrive as they were given. */
type Carried<Args> = Args extends void
  ? Args
  : Args extends AsJson<Args>
    ? AsJson<Args> extends Args
      ? Args
      : Changed
    : Changed;
type Changed =
  StaticTypeError<'This check takes what JSON would change, as a date: let it take text, numbers and the like'>;
