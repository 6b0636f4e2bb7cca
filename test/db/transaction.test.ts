/** What waited for a row takes it as it is then, whatever the server's default. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inTransaction, openDatabase, type Db } from '../../src/db';
import { freshDatabase, waitingForLocks, type FreshDatabase } from '../support';

let store: FreshDatabase;
let db: Db;

beforeAll(async () => {
  store = await freshDatabase();
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(store.db);
  await sql`alter database ${sql.id(rows[0]!.name)} set default_transaction_isolation = 'repeatable read'`.execute(
    store.db,
  );
  db = openDatabase({ url: store.url });
});
afterAll(async () => {
  await db?.destroy();
  await store?.drop();
});

const count = (on: Db) =>
  sql<{ count: number }>`update sojourn.settings set value = (value::text::int + 1)::text::jsonb where name = 'count'
    returning value as count`.execute(on);

it.each([
  ['in a transaction', () => inTransaction(db, (tx) => count(tx))],
  ['on its own', () => count(db)],
])('a statement %s', async (_, ask) => {
  await sql`insert into sojourn.settings (name, value) values ('count', '1')
    on conflict (name) do update set value = excluded.value`.execute(store.db);
  let answer: ReturnType<typeof count> | undefined;
  await store.db.transaction().execute(async (tx) => {
    await count(tx);
    answer = ask();
    answer.catch(() => undefined); // asserted below
    await waitingForLocks(store.db, 1);
  });
  expect((await answer)?.rows).toEqual([{ count: 3 }]);
});
