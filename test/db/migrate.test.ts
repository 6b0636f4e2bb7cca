/** A migration takes as long as it takes, and lets others go first when its table is in use. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate, openDatabase, type Db } from '../../src/db';
import { RetryLater } from '../../src/errors';
import { freshDatabase, type FreshDatabase } from '../support';

let store: FreshDatabase;
/** Of which a statement may take 300 ms. */
let hurried: Db;

beforeAll(async () => {
  store = await freshDatabase();
  hurried = openDatabase({ url: `${store.url}?statement_timeout=300`, maxConnections: 1 });
});
afterAll(async () => {
  await hurried?.destroy();
  await store?.drop();
});

const limit = async () =>
  (await sql<{ statement_timeout: string }>`show statement_timeout`.execute(hurried)).rows[0]?.statement_timeout;

/** Holds what `statement` takes until the function returned is called. */
async function hold(statement: string): Promise<() => Promise<void>> {
  const tx = await store.db.startTransaction().execute();
  await sql.raw(statement).execute(tx);
  return () => tx.rollback().execute();
}

it('takes longer than a statement may, and the limit holds again after it', async () => {
  await expect(sql`select pg_sleep(0.6)`.execute(hurried)).rejects.toThrow('statement timeout');
  const slow = { id: 9_001, name: 'slow', sql: 'select pg_sleep(0.6); create table sojourn.made (n integer)' };
  expect(await migrate(hurried, Date.now(), [slow])).toEqual(['slow']);
  expect(await sql`select * from sojourn.made`.execute(hurried)).toMatchObject({ rows: [] });
  expect(await limit()).toBe('300ms');
});

it('waits for another process that migrates', async () => {
  const release = await hold('select pg_advisory_xact_lock(7305811)');
  const waiting = migrate(hurried, Date.now(), []);
  await new Promise((resolve) => setTimeout(resolve, 600));
  await release();
  expect(await waiting).toEqual([]);
});

it('gives up on a table that is in use, and leaves nothing behind', async () => {
  const release = await hold('lock table sojourn.settings in share mode');
  const blocked = { id: 9_002, name: 'blocked', sql: 'alter table sojourn.settings add column n integer' };
  try {
    const failure = await migrate(hurried, Date.now(), [blocked]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RetryLater);
    expect(String(failure)).toContain("The migration 'blocked' is undone");
    expect(await limit()).toBe('300ms');
  } finally {
    await release();
  }
  expect(await migrate(hurried, Date.now(), [blocked])).toEqual(['blocked']);
});
