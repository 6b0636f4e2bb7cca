/** Lists of runs: the right ones, in order, and of a person who has had thousands no more than the page. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listRuns, type RunView } from '../../src/runs';
import { freshDatabase, rowsRead, type FreshDatabase } from '../support';

let store: FreshDatabase;
/** The same again, of which nothing has been read. */
let fresh: FreshDatabase;
beforeAll(async () => {
  store = await filled();
  fresh = await filled();
});
afterAll(async () => {
  await store?.drop();
  await fresh?.drop();
});

async function filled(): Promise<FreshDatabase> {
  const store = await freshDatabase();
  // Two ids of one person, and somebody else.
  await sql`insert into sojourn.people (id, first_seen_at, merged_into) values (1, now(), null), (2, now(), 1), (3, now(), null)`.execute(
    store.db,
  );
  await sql`insert into sojourn.runs (id, journey, person_id, key, workflow_id, number, state, header, trigger, holdout, mode,
      started_at, ended_at)
    select n, (array['cart', 'welcome', 'rare'])[case when n % 500 = 0 then 3 else 1 + n % 2 end],
      1 + n % 3, n::text, n::text, n, case when n % 7 = 0 then 'live' else 'ended' end, '{}', '{}', false, 'live',
      now() - make_interval(secs => n), case when n % 7 = 0 then null else now() end
    from generate_series(1, 6000) n`.execute(store.db);
  await sql`vacuum analyze`.execute(store.db);
  return store;
}

const personIds = ['1', '2'];
const numbers = (runs: RunView[]) => runs.map(({ id }) => Number(id));

test('a person’s runs are listed newest first, by journey, state and page', async () => {
  const all = await listRuns(store.db, { limit: 6_000 });
  expect(numbers(all)).toEqual(Array.from({ length: 6_000 }, (_, n) => 6_000 - n));
  for (const journey of [undefined, 'cart', 'rare']) {
    for (const state of [undefined, 'live', 'ended'] as const) {
      for (const before of [undefined, '3000']) {
        const right = all.filter(
          (run) =>
            personIds.includes(run.personId) &&
            (journey === undefined || run.journey === journey) &&
            (state === undefined || run.state === state) &&
            (before === undefined || Number(run.id) < Number(before)),
        );
        const found = await listRuns(store.db, { personIds, journey, state, before, limit: 10 });
        expect([journey, state, before, numbers(found)]).toEqual([
          ...[journey, state, before],
          numbers(right.slice(0, 10)),
        ]);
      }
    }
  }
});

test.each([{}, { state: 'live' as const }, { before: '3000' }, { journey: 'cart', state: 'ended' as const }])(
  'a page of them reads little more than the page: %j',
  async (filter) => {
    const read = await rowsRead(fresh, 'runs', (db) => listRuns(db, { personIds, ...filter, limit: 20 }));
    expect(read).toBeLessThan(200);
  },
);
