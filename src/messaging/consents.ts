/**
 * What people chose to get. A choice is made under the person's lock and with a number, so that no attempt after an
 * acknowledged unsubscribe is claimed (P5): see the guard.
 */
import { sql } from 'kysely';
import type { Clock } from '../clock';
import { nextNumbers, withPeopleLocked, type Db, type Tx } from '../db';
import { everyTopic, type Choice } from './topics';

export interface ChoiceToMake {
  /** Sojourn's own id of the person; one that was merged is followed. */
  personId: string;
  /** All marketing, if not given. */
  topic?: string;
  /** Where it was made: `one-click` (RFC 8058), `page`, `preferences`, `api` … */
  source: string;
}

export interface ChoicesToMake extends Pick<ChoiceToMake, 'personId' | 'source'> {
  /** Each topic once. */
  choices: Pick<Choice, 'topic' | 'state'>[];
}

export interface Consents {
  /** Answers when it holds; with the number that it holds from, or undefined when there is no such person. */
  unsubscribe(choice: ChoiceToMake): Promise<number | undefined>;
  set(choice: ChoiceToMake & { state: 'in' | 'out' }): Promise<number | undefined>;
  /** Makes several at once; with all that hold then, or undefined when there is no such person. */
  choose(choices: ChoicesToMake): Promise<Choice[] | undefined>;
  /** Undefined when there is no such person. */
  stateOf(personId: string): Promise<Choice[] | undefined>;
}

export function createConsents({ db, clock }: { db: Db; clock: Clock }): Consents {
  async function choose({ personId, source, choices }: ChoicesToMake): Promise<Choice[] | undefined> {
    return withPeopleLocked(db, [personId], async (tx, people) => {
      const person = people.get(personId);
      if (!person) return undefined;
      const numbers = await nextNumbers(tx, choices.length);
      for (const [index, { topic, state }] of choices.entries()) {
        await sql`insert into sojourn.consents (person_id, topic, state, number, changed_at, source)
            values (${person.id}, ${topic}, ${state}, ${numbers[index]}, ${new Date(clock.now())}, ${source})
            on conflict (person_id, topic) do update set state = excluded.state, number = excluded.number,
              changed_at = excluded.changed_at, source = excluded.source`.execute(tx);
      }
      return choicesOf(tx, person.id);
    });
  }

  async function set({ personId, topic = everyTopic, source, state }: ChoiceToMake & { state: 'in' | 'out' }) {
    const all = await choose({ personId, source, choices: [{ topic, state }] });
    return all?.find((choice) => choice.topic === topic)?.number;
  }

  return {
    set,
    choose,
    unsubscribe: (choice) => set({ ...choice, state: 'out' }),
    stateOf: (personId) => choicesOf(db, personId),
  };
}

async function choicesOf(db: Db | Tx, personId: string): Promise<Choice[] | undefined> {
  const rows = await db
    .selectFrom('people')
    .leftJoin('consents', (join) =>
      join.on((at) => at('consents.person_id', '=', at.fn.coalesce('people.merged_into', 'people.id'))),
    )
    .select(['topic', 'state', 'number'])
    .where('people.id', '=', personId)
    .orderBy('topic')
    .execute();
  if (rows.length === 0) return undefined;
  return rows.flatMap(({ topic, state, number }) =>
    topic === null || state === null ? [] : [{ topic, state, number: Number(number) }],
  );
}

export interface ConsentMoment {
  at: Date;
  number: string;
  topic: string;
  state: 'in' | 'out';
  source: string;
}

/** The choices that hold, of these people, newest first: one a topic, at the time when it was last made. */
export async function consentsBefore(
  db: Db,
  personIds: string[],
  { at, id }: { at: Date; id: string },
  limit: number,
): Promise<ConsentMoment[]> {
  const { rows } = await sql<ConsentMoment>`
    select changed_at as at, number, topic, state, source from sojourn.consents
    where person_id = any(${personIds}::bigint[]) and (changed_at, number) < (${at}, ${id}::bigint)
    order by changed_at desc, number desc limit ${limit}`.execute(db);
  return rows;
}
