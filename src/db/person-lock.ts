/**
 * The person's lock, on which "never after" (P5) rests. Everything that ends something, and every attempt to send,
 * first locks the person's canonical row here, in a statement of its own, then takes its number, and only then reads.
 * With lock and read in one statement, the read would see the moment before the lock was had.
 */
import { sql } from 'kysely';
import type { Tx } from './open';

export interface LockedPerson {
  id: string;
}

/**
 * Locks the canonical rows of these people, in id order, and returns their ids by the id that was asked for.
 * People merged meanwhile are followed to where they went. With `skipLocked`, people whom somebody else holds are
 * left out of the answer instead of waited for. The transaction must
 * be READ COMMITTED, and say so: the database's own default may be another.
 */
export async function lockPeople(
  tx: Tx,
  ids: string[],
  { skipLocked = false } = {},
): Promise<Map<string, LockedPerson>> {
  const wanted = [...new Set(ids)];
  const found = new Map<string, LockedPerson>();
  let targets = new Map(wanted.map((id) => [id, id]));
  for (let round = 0; round < 4 && targets.size > 0; round++) {
    const distinct = [...new Set(targets.values())];
    const { rows } = await sql<{ id: string; merged_into: string | null }>`
      select id, merged_into from sojourn.people where id = any(${distinct}::bigint[])
      order by id for no key update ${skipLocked ? sql`skip locked` : sql``}`.execute(tx);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const moved = new Map<string, string>();
    for (const [asked, target] of targets) {
      const row = byId.get(target);
      if (!row) continue;
      if (row.merged_into === null) found.set(asked, { id: row.id });
      else moved.set(asked, row.merged_into);
    }
    targets = moved;
  }
  return found;
}
