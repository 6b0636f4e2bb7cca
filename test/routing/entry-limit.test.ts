/** How far back a journey's entry limit looks. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { routingBench, type RoutingBench } from './support';

let bench: RoutingBench;
beforeAll(async () => {
  bench = await routingBench({
    daily: { on: 'search', key: 'at', entry: { once: 'per 24 hours' } },
    first: { on: 'search', key: 'at', entry: { once: 'ever' } },
  });
});
afterAll(() => bench?.close());

it('counts a start against the entry limit until it lies exactly that far back, and without end where once is once', async () => {
  const everyMs = 24 * 3_600_000;
  const person = await bench.track('ida', 'search', { at: 'a' });
  const decisions = bench.store.db
    .selectFrom('decisions')
    .selectAll()
    .where('person_id', '=', person)
    .orderBy('number');
  await bench.decider.decide([person]);
  for (const [key, earlier] of [
    ['b', everyMs - 1],
    ['c', everyMs],
  ] as const) {
    await bench.track('ida', 'search', { at: key });
    await sql`update sojourn.runs set started_at =
      (select max(accepted_at) from sojourn.events where person_id = ${person}) - make_interval(secs => ${earlier / 1_000})
      where person_id = ${person}`.execute(bench.store.db);
    await bench.decider.decide([person]);
  }
  expect((await decisions.execute()).map(({ journey, verdict }) => `${journey} ${verdict}`)).toEqual([
    ...['daily entered', 'first entered'],
    ...['daily refused', 'first refused'],
    ...['daily entered', 'first refused'],
  ]);
});
