/** Writes of which none has to see what another one did, sent as one statement. */
import { sql, type RawBuilder } from 'kysely';
import { chunksOf } from './chunks';
import type { Tx } from './open';

/** Rows of one kind as statements, one unless there are very many. None for no rows. */
export type Write = RawBuilder<unknown>[];

/** The text must not depend on how many rows there are: only then is it prepared. */
export function write<Row>(rows: Row[], statement: (rows: Row[]) => RawBuilder<unknown>): Write {
  return chunksOf(rows).map(statement);
}

/**
 * Of each write the last statement; what comes before it goes alone, in order. They share a snapshot, so two that touch
 * the same row don't belong here. Each mix of writes is a text of its own.
 */
export async function writeTogether(tx: Tx, writes: Write[]): Promise<void> {
  for (const statement of writes.flatMap((one) => one.slice(0, -1))) await statement.execute(tx);
  const [first, ...others] = writes.flatMap((one) => one.slice(-1));
  if (!first) return;
  if (others.length === 0) return void (await first.execute(tx));
  const named = others.map((statement, index) => sql`${sql.raw(`w${index}`)} as (${statement})`);
  await sql`with ${sql.join(named)} ${first}`.execute(tx);
}
