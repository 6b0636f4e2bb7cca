import { sql } from 'kysely';
import type { Tx } from './open';

/**
 * Takes `count` numbers from the one sequence that orders decisions, ends, deliveries and attempts, ascending.
 * Only meaningful under the person's lock: there, a higher number was taken later.
 */
export async function nextNumbers(tx: Tx, count: number): Promise<number[]> {
  if (count === 0) return [];
  const { rows } = await sql<{ n: string }>`
    select nextval('sojourn.number_seq') as n from generate_series(1, (select ${count}::int))`.execute(tx);
  return rows.map((row) => Number(row.n)).sort((a, b) => a - b);
}

/**
 * The same, and ids for runs that are new, which say nothing of an order. The counts are asked for: what PostgreSQL
 * knows of a series by its bounds makes it plan anew each time.
 */
export async function nextNumbersAndRunIds(
  tx: Tx,
  count: number,
  runs: number,
): Promise<{ numbers: number[]; runIds: string[] }> {
  const { rows } = await sql<{ numbers: string[]; run_ids: string[] }>`
    select array(select nextval('sojourn.number_seq') from generate_series(1, (select ${count}::int))) as numbers,
      array(select nextval('sojourn.run_id_seq') from generate_series(1, (select ${runs}::int))) as run_ids`.execute(
    tx,
  );
  const [drawn] = rows;
  return { numbers: (drawn?.numbers ?? []).map(Number).sort((a, b) => a - b), runIds: drawn?.run_ids ?? [] };
}
