import { sql } from 'kysely';
import type { Tx } from './open';

/**
 * Takes `count` numbers from the one sequence that orders decisions, ends, deliveries and attempts, ascending.
 * Only meaningful under the person's lock: there, a higher number was taken later.
 */
export async function nextNumbers(tx: Tx, count: number): Promise<number[]> {
  if (count === 0) return [];
  const { rows } = await sql<{ n: string }>`
    select nextval('sojourn.number_seq') as n from generate_series(1, ${count})`.execute(tx);
  return rows.map((row) => Number(row.n)).sort((a, b) => a - b);
}
