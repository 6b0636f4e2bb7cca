/** How many rows PostgreSQL read for something: what an index spares shows there, and not in a time. */
import { sql } from 'kysely';
import { openDatabase, type Db } from '../../src/db';
import type { FreshDatabase } from './postgres';
import { until } from './until';

/**
 * Of the tables whose names begin so. The work must read some. Nobody else may have read of them on a connection that is
 * still open: what it read is told some time later.
 */
export async function rowsRead(
  store: FreshDatabase,
  tables: string,
  work: (db: Db) => Promise<unknown>,
): Promise<number> {
  const count = async () => {
    const { rows } = await sql<{ rows: number }>`
      select coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::int as rows from pg_stat_user_tables
      where schemaname = 'sojourn' and relname like ${`${tables}%`}`.execute(store.db);
    return rows[0]!.rows;
  };
  const before = await count();
  const own = openDatabase({ url: store.url, maxConnections: 1 });
  await work(own);
  // A connection tells what it has read when it is closed.
  await own.destroy();
  await until(async () => (await count()) > before, { what: 'the numbers of what was read' });
  return (await count()) - before;
}
