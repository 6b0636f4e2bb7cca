/** Which runs count as having reached the goal: also those that ended before their person did it, in their time. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readJourneyResults } from '../../src/insight';
import { openFrontDoor, type FrontDoor } from '../http/front-door';

const day = 86_400_000;
const within = 7 * day;
const journey = 'cart-abandonment';
const items = (value: number) => ({ value, items: [{ item_id: 'a', item_name: 'A', price: value, quantity: 1 }] });
let door: FrontDoor;

beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(() => door.close());

async function decide(): Promise<void> {
  const people = await door.db.selectFrom('people').select('id').execute();
  await door.decider.decide(people.map(({ id }) => id));
}

/** Enters, and leaves as a run does whose body returns. */
async function came(userId: string, { daysAgo = 0, holdout = false, variant = '' } = {}): Promise<string> {
  const who = userId.startsWith('visitor') ? { anonymousId: userId } : { userId };
  await door.post('/v1/track', { ...who, event: 'add_to_cart', properties: items(80) });
  await decide();
  const run = await door.db.selectFrom('runs').select('id').orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow();
  const started_at = new Date(Date.now() - daysAgo * day);
  const ended = { state: 'ended' as const, outcome: 'completed' as const, started_at, ended_at: started_at, holdout };
  await door.db.updateTable('runs').set(ended).where('id', '=', run.id).execute();
  if (variant) {
    const step = { run_id: run.id, position: 0, at: started_at, step: 'experiment offer', result: variant, why: null };
    await door.db.insertInto('run_steps').values(step).execute();
  }
  return run.id;
}

async function buys(userId: string, { daysAgo = 0, more = {} } = {}): Promise<void> {
  const properties = { ...items(80), transaction_id: userId, ...more };
  await door.post('/v1/track', { userId, event: 'purchase', properties });
  await decide();
  if (daysAgo === 0) return;
  await sql`update sojourn.events set accepted_at = ${new Date(Date.now() - daysAgo * day)}
    where id = (select max(id) from sojourn.events)`.execute(door.db);
}

const read = (days = 30) =>
  readJourneyResults(door.db, { journey, days, now: Date.now(), goalWithinMs: within, hasHoldout: true });

const goals = async () => (await read()).funnel.at(-1)!.runs;

/** How many goals more there are after that. */
async function goalsBy(what: () => Promise<unknown>): Promise<number> {
  const before = await goals();
  await what();
  return (await goals()) - before;
}

test('a purchase after a click that ended the run is a goal, once', async () => {
  await came('ann');
  expect(await goalsBy(() => buys('ann'))).toBe(1);
  expect(await goalsBy(() => buys('ann'))).toBe(0);
});

test('a purchase after the time is none, nor is one from before the run', async () => {
  await came('ben', { daysAgo: 8 });
  expect(await goalsBy(() => buys('ben'))).toBe(0);
  await buys('bob');
  expect(await goalsBy(() => came('bob'))).toBe(0);
  expect(await goalsBy(() => buys('ben', { daysAgo: 2 }))).toBe(1);
});

test('the goal is that of the run’s own header, with what its properties must be', async () => {
  const run = await came('cid');
  await sql`update sojourn.runs set header = jsonb_set(header, '{goal,where}', '{"coupon": "SPRING"}')
    where id = ${run}`.execute(door.db);
  expect(await goalsBy(() => buys('cid', { more: { coupon: 'AUTUMN' } }))).toBe(0);
  expect(await goalsBy(() => buys('cid', { more: { coupon: 'SPRING' } }))).toBe(1);
});

test('what the person did under an id that was merged into it counts', async () => {
  await came('visitor-1');
  const visitor = await door.db.selectFrom('people').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow();
  await door.post('/v1/identify', { userId: 'dan', anonymousId: 'visitor-1' });
  await decide();
  expect(await goalsBy(() => buys('dan'))).toBe(1);
  // As an event lies that was accepted for the visitor while the two were merged.
  const filedUnderVisitor = () =>
    sql`update sojourn.events set person_id = ${visitor.id}
      where id = (select max(id) from sojourn.events)`.execute(door.db);
  expect(await goalsBy(filedUnderVisitor)).toBe(0);
});

test('who was held out and bought counts there, and only runs whose time is over are compared', async () => {
  const heldOut = async () => (await read()).variants.find(({ variant }) => variant === 'held out');
  await came('eve', { holdout: true });
  await buys('eve');
  expect(await heldOut()).toMatchObject({ runs: 1, goals: 1, stillOpen: 1, settled: { runs: 0, goals: 0 } });
  await came('fay', { holdout: true, daysAgo: 9 });
  await came('gil', { holdout: true, daysAgo: 9 });
  await buys('gil', { daysAgo: 8 });
  expect(await heldOut()).toMatchObject({ runs: 3, goals: 2, stillOpen: 1, settled: { runs: 2, goals: 1 } });
  // One whose own header gave it longer.
  const longer = await came('joe', { holdout: true, daysAgo: 9 });
  await sql`update sojourn.runs set header = jsonb_set(header, '{goal,withinMs}', to_jsonb(${30 * day}::float8))
    where id = ${longer}`.execute(door.db);
  expect(await heldOut()).toMatchObject({ runs: 4, stillOpen: 2, settled: { runs: 2 } });
});

test('of one batch, what came after the trigger counts, and what came before it does not', async () => {
  const call = (userId: string, event: string) => ({ type: 'track', userId, event, properties: items(80) });
  const batch = async (userId: string, ...events: string[]) => {
    await door.post('/v1/batch', { batch: events.map((event) => call(userId, event)) });
    await decide();
  };
  expect(await goalsBy(() => batch('kim', 'add_to_cart', 'logout', 'purchase'))).toBe(1);
  expect(await goalsBy(() => batch('lou', 'purchase', 'add_to_cart', 'logout'))).toBe(0);
  expect((await door.db.selectFrom('runs').select('id').where('outcome', '=', 'exited').execute()).length).toBe(2);
});

test('a variant that few drew is there however many steps there are', async () => {
  const run = await came('hal', { variant: 'rare' });
  const often = await came('ida', { variant: 'usual' });
  const steps = Array.from({ length: 100 }, (_, n) => n + 1).flatMap((position) =>
    [run, often].map((run_id) => ({
      ...{ run_id, position, at: new Date(), step: `check number-${position}`, result: 'yes', why: null },
    })),
  );
  await door.db.insertInto('run_steps').values(steps).execute();
  const { variants, cuts } = await read();
  expect(variants.filter(({ experiment }) => experiment === 'offer').map(({ variant }) => variant)).toEqual([
    'rare',
    'usual',
  ]);
  expect(cuts).toEqual({ steps: true, messages: false, series: false, refusals: false });
});
