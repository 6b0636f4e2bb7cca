/**
 * Calls of a batch that were refused are kept for a week with the reason, so that nothing a service sent is simply
 * gone. Bounded: beyond the limit they are only reported to their sender.
 */
import { sql } from 'kysely';
import type { Db } from '../db';
import { findUnstorable, maxEventBytes } from './parse-limits';

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
  const kept = refused.map(({ call, path, detail, receivedAt, source }) => ({
    call: storable(call),
    path,
    detail,
    source,
    received_at: new Date(receivedAt).toISOString(),
  }));
  // One parameter however many there are: PostgreSQL takes 65,535 and no more.
  await sql`insert into sojourn.set_aside (call, path, detail, source, received_at)
    select coalesce(call, 'null'), path, detail, source, received_at from jsonb_to_recordset(${JSON.stringify(kept)}::jsonb)
      as x (call jsonb, path text, detail text, source text, received_at timestamptz)`.execute(db);
}

/**
 * The call as it came; as the text of its JSON, cut to an event's size, when the store can't hold it so: it may have
 * been refused for just that.
 */
function storable(call: unknown): unknown {
  let text: string;
  try {
    text = JSON.stringify(call ?? null) ?? 'null';
  } catch (error) {
    if (error instanceof RangeError) return 'nested too deep to be kept';
    throw error;
  }
  if (Buffer.byteLength(text) <= maxEventBytes && !findUnstorable(call)) return call ?? null;
  // JSON text has escapes for whatever is not well-formed; only the cut can halve a pair.
  return text.slice(0, maxEventBytes).replace(/[\ud800-\udbff]$/, '');
}
