/** Statements that are prepared answer as others do, also when the tables have changed under them. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, type Db } from '../../src/db';
import { freshDatabase, until, type FreshDatabase } from '../support';

let store: FreshDatabase;
let db: Db;

beforeAll(async () => {
  store = await freshDatabase();
  db = openDatabase({ url: store.url, maxConnections: 1 });
});
afterAll(async () => {
  await db?.destroy();
  await store?.drop();
});

const ask = (name: string) => db.selectFrom('settings').selectAll().where('name', '=', name).execute();
const prepared = async () => {
  const { rows } = await sql<{ count: string }>`select count(*) from pg_prepared_statements`.execute(db);
  return Number(rows[0]?.count);
};

it('prepares what is asked often, and nothing else', async () => {
  await ask('once');
  expect(await prepared()).toBe(0);
  for (let n = 0; n < 40; n++) expect(await ask(`n${n}`)).toEqual([]);
  expect(await prepared()).toBe(1);
});

it('goes on after a migration has changed what a prepared statement returns', async () => {
  await sql`insert into sojourn.settings (name, value) values ('kept', '1')`.execute(store.db);
  for (let n = 0; n < 40; n++) await ask('kept');
  await sql`alter table sojourn.settings add column note text`.execute(store.db);
  // One call may fail, as when a connection is lost; the next has another connection.
  const answers = [await ask('kept').catch(() => 'failed'), await ask('kept')];
  expect(answers.at(-1)).toEqual([{ name: 'kept', value: 1, note: null }]);
});

it('plans again once the tables have grown, also before the server has counted their rows', async () => {
  const own = openDatabase({ url: store.url, maxConnections: 1 });
  const named = (user: string) => own.selectFrom('people').select('id').where('user_id', '=', user).execute();
  const plan = async () => {
    const { rows } = await sql<{ 'QUERY PLAN': string }>`explain execute sojourn_0('u1')`.execute(own);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };
  try {
    await sql`alter table sojourn.people set (autovacuum_enabled = false)`.execute(store.db);
    // A table of one page is read as a whole: no index is faster.
    await sql`insert into sojourn.people (user_id, first_seen_at) values ('u1', now())`.execute(store.db);
    await sql`analyze sojourn.people`.execute(store.db);
    for (let n = 0; n < 40; n++) await named('u1');
    expect(await plan()).toContain('Seq Scan');
    await sql`insert into sojourn.people (user_id, first_seen_at)
      select 'u' || n, now() from generate_series(2, 20000) n`.execute(store.db);
    await until(async () => (await plan()).includes('Index'), { what: 'a plan for the table as it is' });
  } finally {
    await own.destroy();
  }
});

it('does not prepare an endless number of texts', async () => {
  for (let length = 1; length <= 200; length++) {
    const names = Array.from({ length }, (_, n) => `x${n}`);
    for (let n = 0; n < 21; n++) await db.selectFrom('settings').select('name').where('name', 'in', names).execute();
  }
  expect(await prepared()).toBeLessThanOrEqual(150);
});
