/**
 * The person's lock, on which "never after" (P5) rests. Everything that ends something, and every attempt to send,
 * first locks the person's canonical row here, in a statement of its own; only further ones take its number and read.
 * With lock and read in one statement, the read would see the moment before the lock was had.
 */
import { sql } from 'kysely';
import { RetryLater } from '../errors';
import { idArray } from './plain-array';
import type { Db, Tx } from './open';
import { inTransaction } from './transaction';

export interface LockedPerson {
  id: string;
}

/** Each further one means that one of these people was merged once more in the meantime. */
const roundsAtMost = 20;

/** People were merged while their locks were waited for. */
class Merged extends Error {}

/**
 * Runs `body` in a transaction that holds the locks of these people's canonical rows, with the people by the ids that
 * were asked for. With `skipLocked`, people whom somebody else holds are left out of the answer instead of waited for.
 *
 * Locks are taken in id order everywhere, and on canonical rows alone. So who has been merged while it was waited for is
 * not followed from there, which may lead to a lower id: the transaction begins anew. It is READ COMMITTED, and says
 * so: the database's own default may be another.
 */
export async function withPeopleLocked<T>(
  db: Db,
  ids: string[],
  body: (tx: Tx, people: Map<string, LockedPerson>) => Promise<T>,
  { skipLocked = false } = {},
): Promise<T> {
  for (let round = 0; round < roundsAtMost; round++) {
    try {
      return await inTransaction(db, async (tx) => body(tx, await lockPeople(tx, [...new Set(ids)], skipLocked)));
    } catch (error) {
      if (!(error instanceof Merged)) throw error;
    }
  }
  throw new RetryLater('one of these people is being merged again and again');
}

async function lockPeople(tx: Tx, ids: string[], skipLocked: boolean): Promise<Map<string, LockedPerson>> {
  const { rows } = await sql<{ id: string; merged_into: string | null }>`
    select id, merged_into from sojourn.people
    where id = any(array(select coalesce(merged_into, id) from sojourn.people where id = any(${idArray(ids)})))
    order by id for no key update ${skipLocked ? sql`skip locked` : sql``}`.execute(tx);
  // As they are now, and not as they were when the statement began.
  if (rows.some((row) => row.merged_into !== null)) throw new Merged();
  const locked = new Map(rows.map(({ id }) => [id, { id }]));
  const others = ids.filter((id) => !locked.has(id));
  if (others.length === 0) return locked;
  const { rows: merged } = await sql<{ id: string; merged_into: string }>`
    select id, merged_into from sojourn.people where id = any(${idArray(others)})
      and merged_into = any(${idArray([...locked.keys()])})`.execute(tx);
  const asked = new Map(merged.map((row) => [row.id, { id: row.merged_into }]));
  return new Map(
    ids.flatMap((id) => {
      const person = locked.get(id) ?? asked.get(id);
      return person ? [[id, person]] : [];
    }),
  );
}
