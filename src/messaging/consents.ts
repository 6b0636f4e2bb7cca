/**
 * What people chose to get. A choice is made under the person's lock and with a number, so that no attempt after an
 * acknowledged unsubscribe is claimed (P5): see the guard.
 */
import { sql } from 'kysely';
import type { Clock } from '../clock';
import { lockPeople, nextNumbers, type Db } from '../db';
import { everyTopic, type Choice } from './topics';

export interface ChoiceToMake {
  /** Sojourn's own id of the person; one that was merged is followed. */
  personId: string;
  /** All marketing, if not given. */
  topic?: string;
  /** Where it was made: `one-click`, `preferences`, `api` … */
  source: string;
}

export interface Consents {
  /** Answers when it holds; with the number that it holds from, or undefined when there is no such person. */
  unsubscribe(choice: ChoiceToMake): Promise<number | undefined>;
  set(choice: ChoiceToMake & { state: 'in' | 'out' }): Promise<number | undefined>;
  stateOf(personId: string): Promise<Choice[]>;
}

export function createConsents({ db, clock }: { db: Db; clock: Clock }): Consents {
  async function set({ personId, topic = everyTopic, source, state }: ChoiceToMake & { state: 'in' | 'out' }) {
    return db
      .transaction()
      .setIsolationLevel('read committed')
      .execute(async (tx) => {
        const person = (await lockPeople(tx, [personId])).get(personId);
        if (!person) return undefined;
        const [number] = await nextNumbers(tx, 1);
        await sql`insert into sojourn.consents (person_id, topic, state, number, changed_at, source)
          values (${person.id}, ${topic}, ${state}, ${number}, ${new Date(clock.now())}, ${source})
          on conflict (person_id, topic) do update set state = excluded.state, number = excluded.number,
            changed_at = excluded.changed_at, source = excluded.source`.execute(tx);
        return number;
      });
  }
  return {
    set,
    unsubscribe: (choice) => set({ ...choice, state: 'out' }),
    async stateOf(personId) {
      const rows = await db
        .selectFrom('consents')
        .innerJoin('people', (join) =>
          join.on((at) => at('consents.person_id', '=', at.fn.coalesce('people.merged_into', 'people.id'))),
        )
        .select(['topic', 'state', 'number'])
        .where('people.id', '=', personId)
        .orderBy('topic')
        .execute();
      return rows.map((row) => ({ ...row, number: Number(row.number) }));
    },
  };
}
