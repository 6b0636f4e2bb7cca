import { sql } from 'kysely';
import type { Db } from '../../src/db';
import { until } from './until';

/** Resolves when statements on this database wait for locks: some, or exactly so many. */
export async function waitingForLocks(db: Db, exactly?: number): Promise<void> {
  await until(async () => {
    const { rows } = await sql`select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
    return exactly === undefined ? rows.length > 0 : rows.length === exactly;
  });
}
