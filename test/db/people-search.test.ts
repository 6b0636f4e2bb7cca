/** Search by a beginning: what it finds, and that it reads by index however often it was asked before. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { openDatabase, type Db } from '../../src/db';
import { listPeople } from '../../src/people';
import { afterPrefix } from '../../src/people/read';
import { freshDatabase, type FreshDatabase } from '../support';

let store: FreshDatabase;
/** One connection, so that its prepared statements are those that are asked about. */
let db: Db;

beforeAll(async () => {
  store = await freshDatabase();
  db = openDatabase({ url: store.url, maxConnections: 1 });
  await sql`insert into sojourn.people (user_id, traits, first_seen_at)
    select 'u' || n, jsonb_build_object('name', 'Person ' || n, 'email', 'Person' || n || '@example.com'), now()
    from generate_series(1, 20000) n`.execute(store.db);
  const others = [
    '50%_off',
    '50x',
    'a\\b',
    'zo\u{ff}',
    'zo\u{100}',
    'é',
    '\u{d7ff}1',
    '\u{e000}1',
    '\u{10ffff}1',
    '😀1',
  ];
  await sql`insert into sojourn.people (user_id, traits, first_seen_at)
    select unnest(${others}::text[]), '{}', now()`.execute(store.db);
  await sql`analyze sojourn.people`.execute(store.db);
});
afterAll(async () => {
  await db?.destroy();
  await store?.drop();
});

const found = async (search: string) =>
  (await listPeople(db, { search, limit: 50 })).map(({ userId }) => userId).toSorted();

describe('a search finds', () => {
  test.each([
    [
      'u1999',
      ['u1999', 'u19990', 'u19991', 'u19992', 'u19993', 'u19994', 'u19995', 'u19996', 'u19997', 'u19998', 'u19999'],
    ],
    ['PERSON15000@', ['u15000']],
    ['person 15000', ['u15000']],
    ['50%', ['50%_off']],
    ['50_', []],
    ['a\\', ['a\\b']],
    ['zo\u{ff}', ['zo\u{ff}']],
    ['\u{d7ff}', ['\u{d7ff}1']],
    ['\u{10ffff}', ['\u{10ffff}1']],
    ['😀', ['😀1']],
  ])('by %s', async (search, users) => {
    expect(await found(search)).toEqual(users);
  });
});

test.each([
  ['a', 'b'],
  ['az', 'a{'],
  ['a\u{10ffff}', 'b'],
  ['\u{d7ff}', '\u{e000}'],
  ['\u{ffff}', '\u{10000}'],
  ['\u{10ffff}\u{10ffff}', undefined],
  ['', undefined],
])('what begins with %j ends before %j', (prefix, after) => {
  expect(afterPrefix(prefix)).toBe(after);
});

it('reads by index, also by a plan that was made for any text', async () => {
  for (let n = 0; n < 40; n++) await listPeople(db, { search: `u${n % 7}`, limit: 5 });
  const { rows } = await sql<{ name: string; parameters: number }>`
    select name, cardinality(parameter_types) as parameters from pg_prepared_statements
    where statement like '%lower(traits%'`.execute(db);
  expect(rows).toHaveLength(1);
  const [{ name, parameters }] = rows as [{ name: string; parameters: number }];
  await sql`set plan_cache_mode = force_generic_plan`.execute(db);
  const given = Array.from({ length: parameters }, () => 'null').join(', ');
  const { rows: plan } = await sql.raw<{ 'QUERY PLAN': string }>(`explain execute ${name}(${given})`).execute(db);
  const text = plan.map((row) => row['QUERY PLAN']).join('\n');
  expect(text).toContain('people_email');
  expect(text).not.toMatch(/Seq Scan on people/);
});
