/**
 * The overview counts what is over once, and all the same counts right what is written down late. Rows are taken away
 * behind its back to see what it reads again: nothing but a test does that to rows of the last day.
 */
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClock } from '../../src/clock';
import type { Db } from '../../src/db';
import { createOverview, type Overview } from '../../src/insight';
import { freshDatabase, type FreshDatabase } from '../support';

const second = 1_000;
const minute = 60 * second;
let store: FreshDatabase;
let db: Db;
let now: number;
let reader: ReturnType<typeof createOverview>;
const newReader = () => createOverview({ db, clock: createClock({ epoch: 0, scale: 1 }, () => now) });

beforeEach(async () => {
  store = await freshDatabase();
  db = store.db;
  now = Date.parse('2026-03-01T12:00:30Z');
  reader = newReader();
  await sql`insert into sojourn.people (id, first_seen_at) values (1, now())`.execute(db);
});
afterEach(() => store.drop());

const read = (minutes = 60, of = reader) => of.read({ minutes, lastMs: 10 * second });
const ago = (ms: number) => new Date(now - ms);

async function event(ms: number, { name = 'login', planned = true } = {}) {
  await sql`insert into sojourn.events (accepted_at, occurred_at, message_id, person_id, type, name, properties, source,
      planned, activity)
    values (${ago(ms)}, ${ago(ms)}, gen_random_uuid()::text, 1, 'track', ${name}, '{}', 'http', ${planned}, true)`.execute(
    db,
  );
}

let runs = 0;
/** As decide writes it, which takes the number when it does. */
async function run(ms: number, { by = db, number }: { by?: Db; number?: string } = {}): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into sojourn.runs (journey, person_id, key, workflow_id, number, state, header, trigger, holdout, mode, started_at)
    values ('cart', 1, ${`k${++runs}`}, 'w', coalesce(${number ?? null}::bigint, nextval('sojourn.number_seq')), 'live', '{}',
      '{}', false, 'live', ${ago(ms)}) returning id`.execute(by);
  return rows[0]!.id;
}
async function end(id: string, ms: number, outcome: string, reason: string | null = null) {
  await sql`update sojourn.runs set state = 'ended', outcome = ${outcome}, reason = ${reason}, ended_at = ${ago(ms)},
    end_number = nextval('sojourn.number_seq') where id = ${id}`.execute(db);
}
async function send(id: string, ms: number, state: string) {
  await sql`insert into sojourn.sends (id, step_key, run_id, person_id, journey, step, message, channel, kind, state, props,
      created_at)
    values (${id}, ${id}, 1, 1, 'cart', 'send', 'news', 'email', 'marketing', ${state}, '{}', ${ago(ms)})`.execute(db);
}
/** Looks until it knows what was written in the minute before, which it must to keep anything. */
async function warm() {
  await read();
  now += 61 * second;
  return read();
}
/** What it says is what one would say that counts everything now. */
async function expectRight(overview: Overview) {
  expect(overview).toEqual(await read(60, newReader()));
}

describe('what is over is counted once', () => {
  test('events', async () => {
    for (const ms of [30, 30, 29]) await event(ms * minute, { name: 'odd', planned: false });
    expect((await read()).events.total).toBe(3);
    await sql`delete from sojourn.events`.execute(db);
    await event(second);
    const { events, attention } = await read();
    expect([events.total, events.last]).toEqual([4, 1]);
    expect(events.series.filter(({ count }) => count > 0).map(({ count }) => count)).toEqual([2, 1, 1]);
    expect(attention.unplanned).toEqual([{ name: 'odd', count: 3 }]);
    // Of another length of buckets nothing was counted yet.
    expect((await read(30)).events.total).toBe(1);
    now += 61 * minute;
    expect((await read()).events.total).toBe(0);
  });

  test('starts and ends of runs', async () => {
    await run(30 * minute);
    await end(await run(30 * minute), 20 * minute, 'converted');
    await end(await run(30 * minute), 20 * minute, 'failed', 'first');
    await end(await run(30 * minute), 10 * minute, 'failed', 'last');
    await warm();
    await sql`delete from sojourn.runs`.execute(db);
    await run(second);
    const { runs: told, attention } = await read();
    expect(told).toMatchObject({ live: 1, started: 5, ended: 3 });
    expect(told.byJourney.get('cart')).toEqual({ live: 1, started: 5, ended: 3, converted: 1 });
    expect(attention.failedRuns).toEqual([{ journey: 'cart', runs: 2, reason: 'last' }]);
  });

  test('messages', async () => {
    await send('a', 30 * minute, 'sent');
    await send('b', 30 * minute, 'held');
    await read();
    await sql`update sojourn.sends set state = 'failed' where id = 'a'`.execute(db);
    await send('c', second, 'skipped');
    expect((await read()).messages.counts).toEqual({ sent: 1, held: 1, skipped: 1 });
  });
});

describe('what is written late is counted right', () => {
  test('an event that was stamped before the last look, and committed after it', async () => {
    await read();
    await event(55 * second);
    expect((await read()).events.total).toBe(1);
    now += 30 * second;
    await event(59 * second);
    await expectRight(await read());
  });

  test('a run whose event waited, and an end that was told long after', async () => {
    const early = await run(40 * minute);
    await warm();
    await run(30 * minute);
    await end(early, 20 * minute, 'failed', 'lost');
    const { runs: told, attention } = await read();
    expect(told).toMatchObject({ live: 1, started: 2, ended: 1 });
    expect(attention.failedRuns).toEqual([{ journey: 'cart', runs: 1, reason: 'lost' }]);
    await expectRight(await read());
  });

  test('a run that was being written while it looked, with a number of before', async () => {
    await run(40 * minute);
    await warm();
    const tx = await db.startTransaction().execute();
    await run(30 * minute, { by: tx });
    await run(40 * minute);
    await read();
    now += 20 * second;
    const looked = (await read()).runs.started;
    await tx.commit().execute();
    expect(looked).toBe(2);
    now += 20 * second;
    expect((await read()).runs.started).toBe(3);
    for (let times = 0; times < 3; times++) {
      now += 61 * second;
      await expectRight(await read());
    }
  });

  test('a message that was held and went out, and one that turned uncertain', async () => {
    await send('a', 30 * minute, 'held');
    await send('b', 30 * minute, 'attempting');
    await read();
    await sql`update sojourn.sends set state = case id when 'a' then 'sent' else 'uncertain' end`.execute(db);
    const overview = await read();
    expect(overview.messages.counts).toEqual({ sent: 1, uncertain: 1 });
    await expectRight(overview);
  });

  test('in a stack whose clock is faster, as much later', async () => {
    const fast = createOverview({ db, clock: createClock({ epoch: 0, scale: 60 }, () => now / 60) });
    await read(1_440, fast);
    await event(55 * minute);
    expect((await read(1_440, fast)).events.total).toBe(1);
  });
});

test('many who ask at once are told the same', async () => {
  await event(30 * minute);
  await run(30 * minute);
  const told = await Promise.all([read(), read(), read(), read()]);
  for (const overview of told) await expectRight(overview);
});
