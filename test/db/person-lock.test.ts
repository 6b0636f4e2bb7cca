/** People are locked in one order, also when an id was merged long ago, or is while its lock is waited for. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withPeopleLocked, type Db } from '../../src/db';
import { freshDatabase, waitingForLocks, type FreshDatabase } from '../support';

let store: FreshDatabase;
let db: Db;

beforeAll(async () => {
  store = await freshDatabase();
  db = store.db;
});
afterAll(() => store?.drop());

/** Two people, the first of whom has the lower id; the second is merged into the first unless `apart`. */
async function twoPeople({ apart = false } = {}): Promise<[string, string]> {
  const { rows } = await sql<{ id: string }>`
    select nextval('sojourn.people_id_seq') as id from generate_series(1, 2)`.execute(db);
  const [first, second] = rows.map(({ id }) => id) as [string, string];
  for (const id of [first, second]) {
    await db.insertInto('people').values({ id, traits: '{}', first_seen_at: new Date() }).execute();
  }
  if (!apart) await mergeInto(db, first, second);
  return [first, second];
}

const mergeInto = (on: Db, first: string, second: string) =>
  on.updateTable('people').set({ merged_into: first }).where('id', '=', second).execute();

/** Asks for the locks, and says whom they were had on. */
const lock = (ids: string[], options?: { skipLocked: boolean }) =>
  withPeopleLocked(db, ids, (_, people) => Promise.resolve(ids.map((id) => people.get(id)?.id)), options);

/** Holds these rows while others come, and lets them go. */
async function held(ids: string[], meanwhile: () => Promise<void>, last?: (tx: Db) => Promise<unknown>): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`select id from sojourn.people where id = any(${ids}::bigint[]) order by id for no key update`.execute(tx);
    await meanwhile();
    await last?.(tx);
  });
}

test('who was merged is locked as the survivor, and in no order of its own', async () => {
  const [survivor, merged] = await twoPeople();
  const answers: Promise<unknown>[] = [];
  await held([survivor], async () => {
    answers.push(lock([survivor, merged]));
    await waitingForLocks(db, 1);
    answers.push(lock([merged]));
    await waitingForLocks(db, 2);
  });
  expect(await Promise.all(answers)).toEqual([[survivor, survivor], [survivor]]);
});

test('who is merged while the lock is waited for is not followed from there: all begins anew', async () => {
  const [first, second] = await twoPeople({ apart: true });
  const answers: Promise<unknown>[] = [];
  await held(
    [first, second],
    async () => {
      answers.push(lock([second]));
      await waitingForLocks(db, 1);
      answers.push(lock([first, second]));
      await waitingForLocks(db, 2);
    },
    (tx) => mergeInto(tx, first, second),
  );
  expect(await Promise.all(answers)).toEqual([[first], [first, first]]);
});

test('whom somebody else holds is left out where nobody wants to wait, also under a merged id', async () => {
  const [survivor, merged] = await twoPeople();
  const [other] = await twoPeople();
  await held([survivor], async () => {
    expect(await lock([merged, survivor, other, '-1'], { skipLocked: true })).toEqual([
      undefined,
      undefined,
      other,
      undefined,
    ]);
  });
  expect(await lock([merged, other], { skipLocked: true })).toEqual([survivor, other]);
});
