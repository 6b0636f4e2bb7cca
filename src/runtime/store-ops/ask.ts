/** What checks and messages' loaders are given to answer from, read from the store; and the checks by name. */
import { answerOf, cartEvents, cartOf, type Check, type CheckContext } from '../../behaviour';
import type { Clock } from '../../clock';
import type { Db } from '../../db';
import { SojournError } from '../../errors';
import { journeyEventOf } from '../../events';
import type { JourneyEvent } from '../../journey';

/** The most events a check sees of one question: the latest. */
const eventLimit = 5_000;

export async function askAbout(db: Db, clock: Clock, personId: string, trigger: JourneyEvent): Promise<CheckContext> {
  const person = await db
    .selectFrom('people')
    .select(['id', 'user_id', 'traits'])
    .where('id', '=', personId)
    .executeTakeFirst();
  const read = async (names: readonly string[], since: number | undefined): Promise<JourneyEvent[]> => {
    const rows = await db
      .selectFrom('events')
      .select(['id', 'name', 'properties', 'occurred_at', 'accepted_at'])
      .where('person_id', '=', personId)
      .where('name', 'in', [...names])
      .$if(since !== undefined, (query) => query.where('occurred_at', '>=', new Date(since ?? 0)))
      .orderBy('accepted_at', 'desc')
      .orderBy('id', 'desc')
      .limit(eventLimit)
      .execute();
    return rows.reverse().map(journeyEventOf);
  };
  // Asked twice for the same, as a cart and its events are: read once, and so the same.
  const known = new Map<string, Promise<JourneyEvent[]>>();
  const events: CheckContext['events'] = async (names, { since } = {}) => {
    const question = JSON.stringify([[...names].sort(), since]);
    const answer = known.get(question) ?? read(names, since);
    known.set(question, answer);
    return [...(await answer)];
  };
  return {
    person: { id: personId, userId: person?.user_id ?? undefined, traits: person?.traits ?? {} },
    trigger,
    now: clock.now(),
    events,
    cart: async () => cartOf(await events(cartEvents)),
  };
}

export interface Checks {
  run(name: string, ask: CheckContext, args: unknown): Promise<unknown>;
}

/** A journey asks for a check that this process does not have: a deploy will bring it, so the call is tried again. */
class UnknownCheck extends SojournError {
  readonly code = 'unknown_check';
}

export function createChecks(checks: Record<string, Check<never, unknown>>): Checks {
  return {
    run(name, ask, args) {
      const check = checks[name];
      if (!check) {
        throw new UnknownCheck(
          `There is no check '${name}'. Put it into activities/ and list it in activities/index.ts.`,
        );
      }
      return answerOf(name, check, ask, args);
    },
  };
}
