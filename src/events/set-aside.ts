/**
 * Calls of a batch that were refused are kept for a week with the reason, so that nothing a service sent is simply
 * gone. Bounded: beyond the limit they are only reported to their sender.
 */
import { sql } from 'kysely';
import type { Db } from '../db';

export interface RefusedCall {
  call: unknown;
  path: string;
  detail: string;
  /** The stack's milliseconds. */
  receivedAt: number;
  source: string;
}

/** Of the newest; what a stranger can make grow has an end. */
const keptAtMost = 100_000;

export async function setAside(db: Db, refused: RefusedCall[]): Promise<void> {
  if (refused.length === 0) return;
  const { rows } = await sql<{ kept: string }>`
    select greatest(reltuples, 0)::bigint as kept from pg_class where oid = 'sojourn.set_aside'::regclass`.execute(db);
  if (Number(rows[0]?.kept ?? 0) >= keptAtMost) return;
  await db
    .insertInto('set_aside')
    .values(
      refused.map(({ call, path, detail, receivedAt, source }) => ({
        // jsonb can't hold NUL, and what was refused may have been refused for it.
        call: (JSON.stringify(call ?? null) ?? 'null').replaceAll('\\u0000', ''),
        path,
        detail,
        source,
        received_at: new Date(receivedAt),
      })),
    )
    .execute();
}
