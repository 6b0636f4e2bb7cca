/** What checks and messages' loaders are given to answer from, read from the store; and the checks by name. */
import { sql } from 'kysely';
import { answerOf, cartEvents, cartOf, type Check, type CheckContext } from '../../behaviour';
import type { Clock } from '../../clock';
import { statement, type Db } from '../../db';
import { SojournError } from '../../errors';
import { journeyEventOf } from '../../events';
import type { JourneyEvent } from '../../journey';

type EventColumns = Parameters<typeof journeyEventOf>[0];

/** The most events a check sees of one question: the latest. */
const eventLimit = 5_000;

const readEvents = statement<{ personId: string; names: readonly string[]; since: Date | null }, EventColumns>(
  ({ personId, names, since }) => sql`
    select id, name, properties, occurred_at, accepted_at from sojourn.events
    where person_id = ${personId} and name = any(${names}::text[]) and (${since}::timestamptz is null or occurred_at >= ${since})
    order by accepted_at desc, id desc limit ${eventLimit}`,
);

/** What is asked about `person`, who is as the caller has read them. */
export function askAbout(
  { db, clock }: { db: Db; clock: Clock },
  { person, trigger }: Pick<CheckContext, 'person' | 'trigger'>,
): CheckContext {
  const read = async (names: readonly string[], since: number | undefined): Promise<JourneyEvent[]> => {
    const rows = await readEvents(db, {
      personId: person.id,
      names,
      since: since === undefined ? null : new Date(since),
    });
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
    person,
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
