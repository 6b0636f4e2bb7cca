/**
 * What may be forgotten: message ids older than the dedupe window, answers to repeated requests, refused calls, and what
 * operators changed long ago.
 */
import { sql } from 'kysely';
import type { Db } from '../db';

/** The wall's days for which a message id is remembered (P2). */
export const dedupeDays = 7;
const idempotencyDays = 7;
const setAsideDays = 7;
/** So that the same month of last year can be looked at. */
const auditDays = 400;
const rowsAtOnce = 10_000;

/** Takes 20 s at most; what is left goes the next time. */
export async function prune(db: Db): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (const [table, key, column, days] of [
    ['message_ids', 'message_id', 'wall_accepted_at', dedupeDays],
    ['idempotency_keys', 'key_hash', 'wall_created_at', idempotencyDays],
    ['set_aside', 'id', 'wall_created_at', setAsideDays],
    ['audit', 'id', 'wall_created_at', auditDays],
  ] as const) {
    for (let deleted = rowsAtOnce; deleted >= rowsAtOnce && Date.now() < deadline;) {
      const result = await sql`delete from ${sql.table(`sojourn.${table}`)} where ${sql.ref(key)} in (
      select ${sql.ref(key)} from ${sql.table(`sojourn.${table}`)}
      where ${sql.ref(column)} < now() - make_interval(days => ${days}) limit ${rowsAtOnce})`.execute(db);
      deleted = Number(result.numAffectedRows ?? 0);
    }
  }
}
