/** What a run's calls ask of PostgreSQL: few statements, of texts that are made, and planned, once. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cartEvents, check, type CheckContext } from '../../src/behaviour';
import { openDatabase, type Db } from '../../src/db';
import { stepKey, type Carried, type RunRef } from '../../src/journey';
import type { EmailProvider } from '../../src/messaging';
import { createDecider } from '../../src/routing';
import { askAbout, createChecks, createStoreOps } from '../../src/runtime/store-ops';
import { makeSender, plainMessages } from '../messaging/setup';
import { scratchFolder } from '../support';
import { sentBy } from './sent-by';
import { catalogOf, routingBench, type RoutingBench } from './support';

const journeys = { reminder: { on: 'add_to_cart', exitOn: ['logout'] } } as const;
const accepts: EmailProvider = {
  name: 'accepts',
  send: () => Promise.resolve({ kind: 'accepted', response: '250 ok' }),
};
const folder = await scratchFolder();

let bench: RoutingBench;
/** The worker is another process; with one connection, which tells what is planned there. */
let worker: Db;
let ops: ReturnType<typeof createStoreOps>;

beforeAll(async () => {
  bench = await routingBench(journeys);
  const { clock, accept, store } = bench;
  worker = openDatabase({ url: store.url, maxConnections: 1 });
  const db = worker;
  await sql`select 1`.execute(db); // what is said once on each connection is no call's
  const decider = createDecider({ db, clock, catalog: () => catalogOf(journeys) });
  const messages = await plainMessages(folder);
  const loaded = messages.get('loaded')!;
  const data = async (ask: CheckContext) => ({ now: (await ask.cart()).count });
  messages.set('loaded', { ...loaded, definition: { ...loaded.definition, data } });
  const sender = makeSender(
    { db, clock, messages, smtpUrl: 'smtp://127.0.0.1:1' },
    { email: accepts, settle: (id) => decider.decide([id]), ask: (about) => askAbout({ db, clock }, about) },
  );
  const checks = createChecks({ cartIsOpen: check(async (ask) => (await ask.events(cartEvents)).length > 0) });
  ops = createStoreOps({ db, clock, accept, decider, checks, sender }, { version: 'v1', temporalRunId: 't1' });
});
afterAll(async () => {
  await worker?.destroy();
  await bench?.close();
});

async function begin(user: string) {
  await bench.track(user, 'identify', { email: `${user}@example.com` }, { type: 'identify' });
  const personId = await bench.track(user, 'add_to_cart', { value: 80 });
  await bench.decider.decide([personId]);
  const { id, number, trigger } = await bench.store.db
    .selectFrom('runs')
    .selectAll()
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow();
  const run: RunRef = { id, number: Number(number), journey: 'reminder', key: user, personId };
  return { run, trigger };
}

/** The calls of a run that reminds, in their order, with what each carries. */
async function* calls(user: string): AsyncGenerator<[string, () => Promise<{ value: unknown }>]> {
  const { run, trigger } = await begin(user);
  const now = bench.clock.now();
  const carried = (position: number, ...steps: string[]): Carried => ({
    ...{ run, position },
    steps: steps.map((step) => ({ at: now, step, result: 'done' })),
  });
  const send = { stepKey: stepKey(run, 'send'), step: 'send', message: 'loaded', props: {} };
  const ending = { outcome: 'completed', at: now } as const;
  yield ['report', () => ops.report(carried(0), { waiting: { step: 'idle', until: now } })];
  yield ['lastActive', () => ops.lastActive(carried(0), {})];
  yield ['check', () => ops.check(carried(0, 'idle'), { name: 'cartIsOpen', args: null, trigger })];
  yield ['send', () => ops.send(carried(1, 'check'), send)];
  yield ['finish', () => ops.finish(carried(2, 'send'), { ending })];
}

it('a call costs few statements', async () => {
  const costs = {
    report: 1,
    lastActive: 1,
    // And the events that it asks for.
    check: 2,
    // What it begins with, the events, begin, lock, facts, claim, commit, receipt.
    send: 8,
    // Begin, lock, end, commit.
    finish: 4,
  };
  const taken: Record<string, string[]> = {};
  const answers: Record<string, unknown> = {};
  for await (const [name, call] of calls('ann')) taken[name] = await sentBy(async () => (answers[name] = await call()));
  expect(answers).toMatchObject({
    check: { value: true },
    send: { value: { status: 'sent' } },
    finish: { value: null },
  });
  for (const [name, atMost] of Object.entries(costs))
    expect(taken[name]!.length, [name, ...taken[name]!].join('\n')).toBeLessThanOrEqual(atMost);
  const run = bench.store.db.selectFrom('runs').innerJoin('people', 'people.id', 'person_id').selectAll('runs');
  expect(await run.where('user_id', '=', 'ann').executeTakeFirst()).toMatchObject({
    ...{ state: 'ended', outcome: 'completed', version: 'v1', temporal_run_id: 't1' },
    waiting: { step: 'idle' },
  });
});

it('is planned once', async () => {
  for (let n = 0; n < 40; n++) for await (const [, call] of calls(`bob-${n}`)) await call();
  const { rows } = await sql<{ statement: string; once: boolean }>`
    select statement, generic_plans > 0 as once from pg_prepared_statements
    where statement ~ 'sojourn[.](runs|events|sends)'`.execute(worker);
  // The five calls in all their ways to begin, the events, the facts, the claim, the receipt, the end.
  expect(rows.length).toBeGreaterThanOrEqual(9);
  expect(rows.filter(({ once }) => !once).map(({ statement }) => statement)).toEqual([]);
});
