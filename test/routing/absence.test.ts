/** Absence triggers against the store: reported once when due, moved by the event, watched for people of before. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { absent } from '../../src/behaviour';
import { createAbsences, type Absences } from '../../src/routing';
import { until } from '../support';
import { catalogOf, routingBench, type RoutingBench } from './support';

const journeys = { winback: { on: absent('login', '2 seconds') } } as const;
let bench: RoutingBench;
let absences: Absences;

beforeEach(async () => {
  bench = await routingBench(journeys);
  const catalog = catalogOf(journeys);
  absences = createAbsences({ db: bench.store.db, clock: bench.clock, accept: bench.accept, catalog: () => catalog });
});
afterEach(() => bench.close());

const runs = (person: string) =>
  bench.store.db.selectFrom('runs').selectAll().where('person_id', '=', person).execute();
const fireUntil = (count: number) =>
  until(async () => (await absences.fire()) === count, { everyMs: 100, what: 'the absence' });

it('starts a run when the event has not come again, and only once', async () => {
  const person = await bench.track('ann', 'login');
  await bench.decider.decide([person]);
  expect(await absences.fire()).toBe(0);
  await fireUntil(1);
  await bench.decider.decide([person]);
  expect(await runs(person)).toMatchObject([{ journey: 'winback', state: 'live' }]);
  expect(await absences.fire()).toBe(0);
});

it('does not fire while the event is accepted and undecided', async () => {
  const person = await bench.track('bob', 'login', {}, { occurredAt: bench.clock.now() - 10_000 });
  await bench.decider.decide([person]);
  await bench.track('bob', 'login');
  expect(await absences.fire()).toBe(0);
  await bench.decider.decide([person]);
  expect(await absences.fire()).toBe(0);
});

it('watches those whose last event lies before the journey was there, and not those who are long gone', async () => {
  const { db } = bench.store;
  const now = new Date(bench.clock.now());
  const header = JSON.stringify(catalogOf(journeys)[0]!.header);
  await db
    .insertInto('journeys')
    .values({ id: 'winback', header, mode: null, deployed_at: now, updated_at: now })
    .execute();
  const recent = await bench.track('recent', 'login');
  const gone = await bench.track('gone', 'login', {}, { occurredAt: bench.clock.now() - 60_000 });
  await bench.decider.decide([recent, gone]);
  await db.deleteFrom('watches').execute();
  await absences.watchExisting();
  const watched = await db.selectFrom('watches').select('person_id').execute();
  expect(watched.map((row) => row.person_id)).toEqual([recent]);
  // Once: what fires is not watched again at the next start.
  await fireUntil(1);
  await absences.watchExisting();
  expect(await db.selectFrom('watches').select('person_id').execute()).toEqual([]);
});
