/**
 * P5: 200 purchases are acknowledged, also of users who are joined just then, or 200 runs are stopped by an operator, while
 * the reminder goes out. No attempt has a higher number than what ended its run. Without the lock in `withPeopleLocked` all
 * fail: attempts come after the stop, and a purchase that router and guard meet at the same time is decided twice.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from 'kysely';
import { setTimeout as sleep } from 'node:timers/promises';
import { stepKey, type Carried } from '../../src/journey';
import { openDatabase, type Db } from '../../src/db';
import { createCatalog, createDecider, createOperator, type Operator } from '../../src/routing';
import type { EmailProvider, Sender } from '../../src/messaging';
import { makeSender, plainMessages } from '../messaging/setup';
import { scratchFolder } from '../support';
import { catalogOf, routingBench, type RoutingBench } from './support';

const journeys = { reminder: { on: 'add_to_cart', goal: { event: 'purchase', within: '7 days' } } } as const;
const people = 200;
const folder = await scratchFolder();
const accepts: EmailProvider = {
  name: 'accepts',
  send: () => Promise.resolve({ kind: 'accepted', response: '250 ok' }),
};
let bench: RoutingBench;
let worker: Db;
let sender: Sender;
let operator: Operator;

beforeAll(async () => {
  bench = await routingBench(journeys);
  // A store that is busy: between the number of an end and its commit, a guard has the time to read.
  await sql`create function busy() returns trigger language plpgsql as
    $$ begin perform pg_sleep(0.03); return new; end $$`.execute(bench.store.db);
  await sql`create trigger busy before update on sojourn.runs for each row
    when (new.state = 'ended') execute function busy()`.execute(bench.store.db);
  // The worker is another process: its connections are its own.
  worker = openDatabase({ url: bench.store.url });
  const catalog = catalogOf(journeys);
  const { db } = bench.store;
  operator = createOperator({ db, clock: bench.clock, catalog: createCatalog(db, bench.clock, catalog) });
  const decider = createDecider({ db: worker, clock: bench.clock, catalog: () => catalog });
  sender = makeSender(
    { db: worker, clock: bench.clock, messages: await plainMessages(folder), smtpUrl: 'smtp://127.0.0.1:1' },
    { email: accepts, settle: (personId) => decider.decide([personId]) },
  );
});
afterAll(async () => {
  await worker?.destroy();
  await bench?.close();
});

async function liveRun(user: string): Promise<Carried> {
  const personId = await bench.track(user, 'identify', { email: `${user}@example.com` }, { type: 'identify' });
  await bench.track(user, 'add_to_cart', { value: 80 });
  await bench.decider.decide([personId]);
  const row = await bench.store.db
    .selectFrom('runs')
    .select(['id', 'number'])
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow();
  const run = { id: row.id, number: Number(row.number), journey: 'reminder', key: user, personId };
  return { run, position: 0, steps: [] };
}

/** Two known users are said to be one, as a server may. */
const join = (userId: string, previousId: string) =>
  bench.track(userId, 'alias', {}, { type: 'alias', previousId, joinsUsers: true, activity: false });

const ways = [
  {
    what: 'purchase',
    outcome: 'converted',
    end: async ({ run }: Carried, n: number) => {
      await bench.track(run.key, 'purchase', { value: 80 });
      const acknowledgedAt = Date.now();
      // Half of them wait for a router, and may be found undecided.
      if (n % 2 === 0) await bench.decider.decide([run.personId]);
      return acknowledgedAt;
    },
  },
  {
    what: 'purchase under the other user id',
    outcome: 'converted',
    end: async ({ run }: Carried, n: number) => {
      const other = `other of ${run.key}`;
      await bench.track(other, 'page');
      // The run is the one's whom the other becomes, or becomes the other's.
      await (n % 4 < 2 ? join(run.key, other) : join(other, run.key));
      await bench.track(other, 'purchase', { value: 80 });
      const acknowledgedAt = Date.now();
      if (n % 2 === 0) await bench.decider.decide([run.personId]);
      return acknowledgedAt;
    },
  },
  {
    what: 'stop',
    outcome: 'stopped',
    end: async ({ run }: Carried) => {
      await operator.stopRun(run.id, 'by hand', { id: 'test', name: 'a test' });
      return Date.now();
    },
  },
];

test.each(ways)('200 times a $what races the reminder: no attempt comes after it', async (way) => {
  const carried: Carried[] = [];
  for (let n = 0; n < people; n++) carried.push(await liveRun(`${way.what.replaceAll(' ', '-')}-${n}`));

  // How much later than the send the end comes; it follows what wins, so that both orders occur.
  let laterMs = 0;
  const race = async (one: Carried, n: number) => {
    const offset = laterMs + Math.random() * 60 - 30;
    const request = { stepKey: stepKey(one.run, 'send'), step: 'send', message: 'news', props: {} };
    const [outcome, acknowledgedAt] = await Promise.all([
      sleep(Math.max(0, -offset)).then(() => sender.send(one, request)),
      sleep(Math.max(0, offset)).then(() => way.end(one, n)),
    ]);
    laterMs += outcome.status === 'sent' ? -4 : 4;
    return acknowledgedAt;
  };
  const acknowledgedAt: number[] = [];
  for (let from = 0; from < people; from += 10) {
    acknowledgedAt.push(...(await Promise.all(carried.slice(from, from + 10).map((one, n) => race(one, from + n)))));
  }
  await bench.decider.decide(carried.map(({ run }) => run.personId));

  let before = 0;
  let after = 0;
  for (const [n, { run }] of carried.entries()) {
    const { end_number, outcome } = await bench.store.db
      .selectFrom('runs')
      .select(['end_number', 'outcome'])
      .where('id', '=', run.id)
      .executeTakeFirstOrThrow();
    const send = await bench.store.db
      .selectFrom('sends')
      .leftJoin('attempts', 'attempts.send_id', 'sends.id')
      .select(['sends.state', 'sends.reason', 'attempts.number', 'attempts.wall_claimed_at'])
      .where('sends.run_id', '=', run.id)
      .executeTakeFirstOrThrow();
    const ends = await bench.store.db
      .selectFrom('decisions')
      .select('number')
      .where('run_id', '=', run.id)
      .where('verdict', '=', 'ended')
      .execute();
    expect(outcome).toBe(way.outcome);
    expect(ends.length, `ends of ${run.key} decided`).toBe(way.what === 'stop' ? 0 : 1);
    if (send.number === null) {
      after++;
      expect(send).toMatchObject({ state: 'skipped', reason: 'exited' });
    } else {
      before++;
      expect(Number(send.number), `attempt of ${run.key}`).toBeLessThan(Number(end_number));
      // The transaction of the claim began before the end was acknowledged.
      expect(send.wall_claimed_at!.getTime()).toBeLessThanOrEqual(acknowledgedAt[n]! + 1);
    }
  }
  expect(before).toBeGreaterThanOrEqual(20);
  expect(after).toBeGreaterThanOrEqual(20);
});

test('a purchase that was acknowledged and is undecided stops the send', async () => {
  const one = await liveRun('quick-buyer');
  await bench.track('quick-buyer', 'purchase', { value: 80 });
  const outcome = await sender.send(one, {
    stepKey: stepKey(one.run, 'send'),
    step: 'send',
    message: 'news',
    props: {},
  });
  expect(outcome).toMatchObject({ status: 'skipped', reason: 'exited' });
});

test.each([
  ['the older user id, of a run of the new one', 'renewed-buyer', (other: string, of: string) => join(of, other)],
  ['the new user id, of a run of the older one', 'older-buyer', (other: string, of: string) => join(other, of)],
])('so does one under %s, right after they were joined', async (_, user, joined) => {
  const one = await liveRun(user);
  const other = `other ${user}`;
  await bench.track(other, 'page');
  await joined(other, user);
  await bench.track(other, 'purchase', { value: 80 });
  const request = { stepKey: stepKey(one.run, 'send'), step: 'send', message: 'news', props: {} };
  expect(await sender.send(one, request)).toMatchObject({ status: 'skipped', reason: 'exited' });
});

test('so does one that was made as a known user, and says the run to be his', async () => {
  const visitor = { userId: undefined, anonymousId: 'visitor-1' };
  const personId = await bench.track(
    '',
    'identify',
    { email: 'visitor@example.com' },
    { ...visitor, type: 'identify' },
  );
  await bench.track('', 'add_to_cart', { value: 80 }, visitor);
  await bench.decider.decide([personId]);
  const row = await bench.store.db
    .selectFrom('runs')
    .select(['id', 'number'])
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow();
  const run = { id: row.id, number: Number(row.number), journey: 'reminder', key: `p${personId}`, personId };
  await bench.track('known-buyer', 'purchase', { value: 80 }, { anonymousId: 'visitor-1' });
  const one: Carried = { run, position: 0, steps: [] };
  const outcome = await sender.send(one, { stepKey: stepKey(run, 'send'), step: 'send', message: 'news', props: {} });
  expect(outcome).toMatchObject({ status: 'skipped', reason: 'exited' });
});
