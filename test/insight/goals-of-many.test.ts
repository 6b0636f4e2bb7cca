/** Goals of people who come again and again: each run gets its own right, and their events are read once. */
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readGoals } from '../../src/insight/journey-goals';
import { freshDatabase, rowsRead, type FreshDatabase } from '../support';

const day = 86_400_000;
const now = Date.parse('2026-03-20T12:00:00Z');
const from = now - 6 * day;
let store: FreshDatabase;
beforeEach(async () => {
  store = await freshDatabase();
});
afterEach(() => store.drop());

interface Run {
  id: number;
  person: number;
  start: number;
  trigger: number | null;
  within: number;
  coupon?: string;
}
interface Event {
  id: number;
  person: number;
  at: number;
  name: string;
  coupon: string;
}

const time = (ms: number) => new Date(ms).toISOString();

async function fill(journey: string, runs: Run[], events: Event[]): Promise<void> {
  const people = [...new Set([...runs, ...events].map(({ person }) => person))];
  await sql`insert into sojourn.people (id, first_seen_at)
    select id, now() from unnest(${people}::bigint[]) p (id)`.execute(store.db);
  const rows = runs.map(({ id, person, start, trigger, within, coupon }) => ({
    ...{ id, person, start: time(start), trigger },
    header: { goal: { event: 'purchase', withinMs: within, ...(coupon && { where: { coupon } }) } },
  }));
  await sql`insert into sojourn.runs (id, journey, person_id, key, workflow_id, number, state, header, trigger,
      trigger_event_id, holdout, mode, outcome, started_at, ended_at)
    select id, ${journey}, person, id::text, id::text, id, 'ended', header, '{}', trigger, false, 'live', 'completed', start, start
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      x (id bigint, person bigint, start timestamptz, trigger bigint, header jsonb)`.execute(store.db);
  await sql`insert into sojourn.run_steps (run_id, position, at, step, result)
    select id, 0, started_at, 'experiment each', id::text from sojourn.runs where journey = ${journey}`.execute(
    store.db,
  );
  const told = events.map(({ at, ...event }) => ({ ...event, at: time(at) }));
  await sql`insert into sojourn.events (id, accepted_at, occurred_at, message_id, person_id, type, name, properties, source,
      planned, activity)
    select id, at, at, id::text, person, 'track', name, jsonb_build_object('coupon', coupon), 'http', true, true
    from jsonb_to_recordset(${JSON.stringify(told)}::jsonb)
      x (id bigint, at timestamptz, person bigint, name text, coupon text)`.execute(store.db);
}

const ask = (journey: string) => ({ journey, days: 30, now, goalWithinMs: day, hasHoldout: false });

/** As the rule is written: after the trigger, by the end of the time. */
function reached(run: Run, events: Event[]): boolean {
  return events.some(
    ({ id, person, at, name, coupon }) =>
      person === run.person &&
      name === 'purchase' &&
      (run.coupon === undefined || run.coupon === coupon) &&
      (at > run.start || (at === run.start && run.trigger !== null && id > run.trigger)) &&
      at <= run.start + run.within,
  );
}

test('each of many runs of a person reached the goal, or not, by itself', async () => {
  // A generator that is the same each time (Park and Miller).
  let seed = 20_260_301;
  const below = (n: number) => (seed = (seed * 48_271) % 2_147_483_647) % n;
  const runs: Run[] = [];
  const events: Event[] = [];
  for (let person = 1; person <= 150; person++) {
    for (let n = below(9); n > 0; n--) {
      // Few moments, so that starts and events often share one.
      events.push({
        ...{ id: events.length + 1, person, at: from + below(20) * 3_600_000 },
        ...{ name: below(3) ? 'purchase' : 'login', coupon: below(2) ? 'A' : 'B' },
      });
    }
    const own = events.filter((event) => event.person === person);
    for (let n = 1 + below(5); n > 0; n--) {
      const by = own.length > 0 && below(2) ? own[below(own.length)] : undefined;
      runs.push({
        ...{ id: runs.length + 1, person, start: by?.at ?? from + below(20) * 3_600_000 },
        ...{ trigger: by && below(4) ? by.id : null, within: (1 + below(8)) * 3_600_000 },
        ...(below(2) && { coupon: 'A' }),
      });
    }
  }
  await fill('random', runs, events);
  const { variants } = await readGoals(store.db, ask('random'));
  const told = new Map(variants.map(({ variant, goals }) => [Number(variant), goals === 1]));
  const right = new Map(runs.map((run) => [run.id, reached(run, events)]));
  expect(new Map([...told].sort(([a], [b]) => a - b))).toEqual(right);
  const goals = [...right.values()].filter(Boolean).length;
  expect(goals).toBeGreaterThan(runs.length / 10);
  expect(goals).toBeLessThan((runs.length * 9) / 10);
});

test('the events of somebody with many runs are read once, not once for each run', async () => {
  const events = Array.from({ length: 3_000 }, (_, n) => ({
    ...{ id: 1_000_000 + n, person: 1_000, at: from + n * 20_000, name: 'login', coupon: 'A' },
  }));
  const runs = Array.from({ length: 50 }, (_, n) => ({
    ...{ id: 10_000 + n, person: 1_000, start: from + n * 60_000, trigger: null, within: 2 * day },
  }));
  await fill('often', runs, events);
  await sql`vacuum analyze`.execute(store.db);
  const read = await rowsRead(store, 'events', async (db) => {
    expect((await readGoals(db, ask('often'))).entered).toBe(50);
  });
  expect(read).toBeLessThan(2 * events.length);
});
