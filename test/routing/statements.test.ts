/** What deciding asks of PostgreSQL: few statements, of few texts, so that each is prepared, and few rows. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cart } from '../../src/behaviour';
import { openDatabase, type Db } from '../../src/db';
import { createDecider, createDeliverer, createRouter } from '../../src/routing';
import { rowsRead, until } from '../support';
import { sentBy } from './sent-by';
import { catalogOf, routingBench, type RoutingBench } from './support';

const day = 24 * 3_600_000;
const journeys: Parameters<typeof catalogOf>[0] = {
  digest: { on: 'view_item', hears: ['view_item'], onRepeat: 'hear', exitOn: ['logout'] },
  reminder: { on: 'add_to_cart', entry: { once: 'per 24 hours' } },
  winback: { on: { kind: 'absent', event: 'login', forMs: day } },
};

let bench: RoutingBench;
beforeAll(async () => {
  bench = await routingBench(journeys);
});
afterAll(() => bench?.close());

const sentFor = (people: string[]) => sentBy(() => bench.decider.decide(people));

it('an event costs few statements: the look for links, begin, lock, read, write, commit, and what it changes besides', async () => {
  const costs: [string, number][] = [
    ['page', 6],
    ['login', 6],
    // The numbers.
    ['view_item', 7],
    ['view_item', 7],
    // Those, and the ends before the starts.
    ['logout', 8],
    // The numbers, and the last start.
    ['add_to_cart', 8],
    ['add_to_cart', 8],
  ];
  for (const [name, atMost] of costs) {
    const sent = await sentFor([await bench.track('ann', name)]);
    expect(sent.length, [name, ...sent].join('\n')).toBeLessThanOrEqual(atMost);
  }
});

it('the router has none of them look for links, unless it has seen one', async () => {
  const { store, decider } = bench;
  // Its first round, and no other.
  const route = () => createRouter({ db: store.db, decider, idle: () => Promise.resolve() }).stop();
  await bench.track('hal', 'page');
  await bench.track('ida', 'page');
  const sent = await sentBy(route);
  expect(sent, sent.join('\n')).toHaveLength(6);

  const visitor = { userId: undefined, anonymousId: 'visitor' };
  const before = await bench.track('', 'view_item', {}, visitor);
  await bench.decider.decide([before]);
  await bench.track('', 'view_item', {}, visitor);
  await bench.track('jon', 'view_item', {}, { anonymousId: 'visitor' });
  await route();
  const people = store.db.selectFrom('people').select('merged_into').where('id', '=', before);
  const { merged_into } = await people.executeTakeFirstOrThrow();
  const runs = store.db.selectFrom('runs').select('heard').where('journey', '=', 'digest').where('state', '=', 'live');
  const ofBoth = runs.where((eb) => eb.or([eb('person_id', '=', before), eb('person_id', '=', merged_into)]));
  expect(await ofBoth.execute()).toEqual([{ heard: 2 }]);
});

it('asks in the same words for one person with an event of each kind and for many with several', async () => {
  const visit = async (user: string, times: number): Promise<string> => {
    for (let n = 0; n < times; n++) await bench.track(user, 'view_item', { n });
    await bench.track(user, 'identify', { plan: user }, { type: 'identify' });
    await bench.track(user, 'add_to_cart');
    return bench.track(user, 'login');
  };
  const one = await sentFor([await visit('bob', 2)]);
  const many = await Promise.all([1, 2, 3, 4, 5, 6, 7].map((n) => visit(`bob-${n}`, n)));
  expect(await sentFor(many)).toEqual(one);
  const left = await bench.store.db.selectFrom('pending').selectAll().where('person_id', 'in', many).execute();
  expect(left).toEqual([]);
});

it('telling Temporal costs three statements, however many runs there are: lease, load, and settle', async () => {
  const { db } = bench.store;
  const run = { status: 'started' as const, temporalRunId: 'there' };
  const temporal = { start: () => Promise.resolve(run), tell: () => Promise.resolve('told' as const) };
  const deliverer = () => createDeliverer({ db, temporal, idle: (ms) => sleep(Math.min(ms, 5)) });
  const enqueued = () => db.selectFrom('dispatch').select('run_id').execute();
  const before = deliverer();
  await until(async () => (await enqueued()).length === 0);
  await before.stop();
  for (const user of ['eve', 'fay', 'gus']) await bench.decider.decide([await bench.track(user, 'view_item')]);
  expect(await enqueued()).toHaveLength(3);
  // Its first round, and no other.
  const sent = await sentBy(() => deliverer().stop());
  expect(sent, sent.join('\n')).toHaveLength(3);
  expect(await enqueued()).toEqual([]);
  const unnamed = db.selectFrom('runs').select('id').where('state', '=', 'live').where('temporal_run_id', 'is', null);
  expect(await unnamed.execute()).toEqual([]);
});

it('is planned once: on a table in partitions that costs more than to read a few rows', async () => {
  const { store, clock } = bench;
  // Of few rows each plan costs the same, also one that suits nobody else.
  await sql`insert into sojourn.people (user_id, first_seen_at)
    select 'somebody ' || n, now() from generate_series(1, 20000) n`.execute(store.db);
  await sql`analyze sojourn.people`.execute(store.db);
  const catalog = catalogOf({
    reminder: { on: 'add_to_cart', when: cart.value.moreThan(50), entry: { once: 'ever' } },
  });
  // One connection each, and nobody else is asked for its plans.
  const [deciding, delivering] = [1, 2].map(() => openDatabase({ url: store.url, maxConnections: 1 })) as [Db, Db];
  const decider = createDecider({ db: deciding, clock, catalog: () => catalog });
  const run = { status: 'started' as const, temporalRunId: 'there' };
  const temporal = { start: () => Promise.resolve(run), tell: () => Promise.resolve('told' as const) };
  const deliverer = createDeliverer({ db: delivering, temporal, idle: (ms) => sleep(Math.min(ms, 5)), concurrency: 1 });
  try {
    for (let n = 0; n < 40; n++) await decider.decide([await bench.track(`cid-${n}`, 'add_to_cart', { value: 80 })]);
    await until(async () => (await store.db.selectFrom('deliveries').select('number').execute()).length === 0);
    await deliverer.stop();
    for (const [db, atLeast] of [
      [deciding, 7],
      [delivering, 3],
    ] as const) {
      const { rows } = await sql<{ statement: string; once: boolean }>`
        select statement, generic_plans > 0 as once from pg_prepared_statements
        where statement like '%sojourn.%'`.execute(db);
      expect(rows.length).toBeGreaterThanOrEqual(atLeast);
      expect(rows.filter(({ once }) => !once)).toEqual([]);
    }
  } finally {
    await deliverer.stop();
    await Promise.all([deciding.destroy(), delivering.destroy()]);
  }
});

it('reads no more of a person who has had thousands of runs than its rules ask for', async () => {
  // In a store of its own: what others have read of runs is told late, and would be counted here.
  const { store, clock, track, decider, close } = await routingBench(journeys);
  try {
    const person = await track('old', 'page');
    await decider.decide([person]);
    await sql`insert into sojourn.runs (journey, person_id, key, workflow_id, number, state, header, trigger, holdout, mode,
        started_at, ended_at)
      select case when n = 9 then 'reminder' else 'other' end, ${person}, n::text, n::text, n, 'ended', '{}', '{}', false,
        'live', now() - make_interval(hours => n::int), now() from generate_series(1, 5000) n`.execute(store.db);
    await sql`vacuum analyze`.execute(store.db);
    await track('old', 'add_to_cart');
    const read = await rowsRead(store, 'runs', (db) =>
      createDecider({ db, clock, catalog: () => catalogOf(journeys) }).decide([person]),
    );
    expect(read).toBeLessThan(50);
    const decisions = store.db.selectFrom('decisions').select('reason').where('person_id', '=', person);
    expect(await decisions.execute()).toEqual([{ reason: 'entry_limit' }]);
  } finally {
    await close();
  }
});

it('reads no more than a person’s own of what is pending, and of who is linked, however much waits for others', async () => {
  const [rounds, people] = [10, 40];
  const { store, clock, track, close } = await routingBench(journeys);
  try {
    // Nothing is known of the tables' size yet, as after a burst of events.
    await sql`with others as (
        insert into sojourn.people (traits, first_seen_at, last_seen_at)
        select '{}', now(), now() from generate_series(1, 20000) returning id
      ) insert into sojourn.pending (event_id, event_accepted_at, person_id)
        select 1000000 + id, now(), id from others`.execute(store.db);
    for (const table of ['pending', 'people']) {
      const read = await rowsRead(store, table, async (db) => {
        const decider = createDecider({ db, clock, catalog: () => catalogOf(journeys) });
        for (let round = 0; round < rounds; round++) {
          await decider.decide(await Promise.all(Array.from({ length: people }, (_, n) => track(`p${n}`, 'page'))));
        }
      });
      expect(read, table).toBeLessThan(rounds * people * 10);
    }
  } finally {
    await close();
  }
});
