import { sql } from 'kysely';
import pg from 'pg';
import { RetryLater } from '../errors';
import { migrations, type Migration } from './migrations';
import { openDatabase, type Db } from './open';

const advisoryLock = 7_305_811;

/** Whoever comes after a migration that waits for a lock waits as well; it gives up before senders do. */
const lockWithinMs = 5_000;

/**
 * Brings the store to the newest shape, however long that takes. Safe to call from many processes at once. Returns the
 * names applied. Throws `RetryLater` when a migration found its table in use: it is undone then.
 */
export async function migrate(db: Db, now: number, list: readonly Migration[] = migrations): Promise<string[]> {
  const applied: string[] = [];
  await db.connection().execute(async (connection) => {
    // The limit of a connection is meant for questions: an index of a large table takes longer, and so does the wait
    // for another process that builds it.
    await sql`set statement_timeout = 0`.execute(connection);
    await sql`select pg_advisory_lock(${advisoryLock})`.execute(connection);
    try {
      await sql`create schema if not exists sojourn`.execute(connection);
      await sql`create table if not exists sojourn.migrations (
        id integer primary key, name text not null, applied_at timestamptz not null default now())`.execute(connection);
      const done = await sql<{ id: number }>`select id from sojourn.migrations`.execute(connection);
      const known = new Set(done.rows.map((row) => row.id));
      for (const migration of list.filter((m) => !known.has(m.id))) {
        const step = connection.transaction().execute(async (tx) => {
          await sql.raw(`set local lock_timeout = ${lockWithinMs}`).execute(tx);
          await sql.raw(migration.sql).execute(tx);
          await sql`insert into sojourn.migrations (id, name) values (${migration.id}, ${migration.name})`.execute(tx);
        });
        await step.catch((error: unknown) => explain(error, migration.name));
        applied.push(migration.name);
      }
    } finally {
      await sql`select pg_advisory_unlock(${advisoryLock})`.execute(connection);
      await sql`reset statement_timeout`.execute(connection);
    }
  });
  await ensureEventPartitions(db, now);
  return applied;
}

function explain(error: unknown, name: string): never {
  if (!(error instanceof pg.DatabaseError && error.code === '55P03')) throw error;
  throw new RetryLater(
    `The migration '${name}' is undone: others used its table for ${lockWithinMs / 1_000} s. Run it again when less comes in.`,
  );
}

/** The names of the migrations that this store lacks. */
export async function pendingMigrations(url: string): Promise<string[]> {
  const db = openDatabase({ url, maxConnections: 1 });
  try {
    const table = await sql<{ found: string | null }>`select to_regclass('sojourn.migrations') as found`.execute(db);
    if (table.rows[0]?.found == null) return migrations.map((migration) => migration.name);
    const done = await sql<{ id: number }>`select id from sojourn.migrations`.execute(db);
    const known = new Set(done.rows.map((row) => row.id));
    return migrations.filter((migration) => !known.has(migration.id)).map((migration) => migration.name);
  } finally {
    await db.destroy();
  }
}

/**
 * Makes the partitions of `events` for the month of `now` (stack's ms) and the two after it. Rows that found none
 * lie in the default partition; a month that has such rows keeps them there.
 */
export async function ensureEventPartitions(db: Db, now: number): Promise<void> {
  for (let ahead = 0; ahead <= 2; ahead++) {
    const date = new Date(now);
    const from = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead, 1));
    const to = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead + 1, 1));
    const name = `events_${from.toISOString().slice(0, 7).replace('-', '_')}`;
    await sql
      .raw(
        `do $$ begin
           create table if not exists sojourn.${name} partition of sojourn.events
             for values from ('${from.toISOString()}') to ('${to.toISOString()}');
         exception when check_violation or duplicate_table then null; end $$`,
      )
      .execute(db);
  }
}
