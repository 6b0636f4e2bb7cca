/**
 * P5 for unsubscribes: no attempt has a higher number than an acknowledged no. Both orders must occur, or the test
 * says nothing; without the lock in `withPeopleLocked`, it fails.
 */
import { sql } from 'kysely';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gate, scratchFolder } from '../support';
import type { EmailProvider } from '../../src/messaging';
import type { JourneyEvent } from '../../src/journey';
import { ask as request, openBench, type Bench } from './setup';

const folder = await scratchFolder();
let bench: Bench;
beforeAll(async () => {
  bench = await openBench(folder);
  // A store that is busy: between the number of a choice and its commit, a guard has the time to read.
  await sql`create function busy() returns trigger language plpgsql as
    $$ begin perform pg_sleep(0.03); return new; end $$`.execute(bench.db);
  await sql`create trigger busy before insert on sojourn.consents for each row execute function busy()`.execute(
    bench.db,
  );
});
afterAll(() => bench?.close());

const accepts: EmailProvider = {
  name: 'accepts',
  send: () => Promise.resolve({ kind: 'accepted', response: '250 ok' }),
};

test('an unsubscribe races 200 sends, and none is claimed after it', async () => {
  // How much later than the send the unsubscribe begins; it follows what wins, so that both do.
  let laterMs = 0;
  let after = 0;
  const races = await inGroups(200, 8, async () => {
    const carried = await bench.run(await bench.person());
    const { personId } = carried.run;
    // The loader of the message's data is the last thing before the guard: from there, they race.
    const loading = gate();
    const offset = laterMs + Math.random() * 30 - 15;
    const ask = async (about: { trigger: JourneyEvent }) => {
      loading.open();
      await sleep(Math.max(0, -offset));
      return { ...nobody, trigger: about.trigger };
    };
    const sender = bench.sender({ email: accepts, ask });
    const [outcome, number] = await Promise.all([
      sender.send(carried, request(carried, 'loaded')),
      loading.opened
        .then(() => sleep(Math.max(0, offset)))
        .then(() => bench.consents.unsubscribe({ personId, source: 'test' })),
    ]);
    laterMs += outcome.status === 'sent' ? -1 : 1;
    const attempts = await bench.db.selectFrom('attempts').select('number').where('send_id', '=', outcome.id).execute();
    after += attempts.filter((attempt) => Number(attempt.number) > (number ?? 0)).length;
    return outcome;
  });
  expect(after).toBe(0);
  const unsubscribed = races.filter((outcome) => outcome.status === 'skipped' && outcome.reason === 'unsubscribed');
  expect(races.filter(({ status }) => status === 'sent').length).toBeGreaterThan(19);
  expect(unsubscribed.length).toBeGreaterThan(19);
});

const nobody = {
  person: { id: '', traits: {} },
  now: 0,
  events: () => Promise.resolve([]),
  cart: () => Promise.reject(),
};

async function inGroups<T>(count: number, size: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  while (results.length < count) results.push(...(await Promise.all(Array.from({ length: size }, work))));
  return results;
}
