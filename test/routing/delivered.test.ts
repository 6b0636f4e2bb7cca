/** Taking off the queue what was told: at any moment, more may be enqueued for the same run, by any release of the code. */
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inTransaction, type Tx } from '../../src/db';
import type { Temporal } from '../../src/routing';
import { createSettler } from '../../src/routing/delivered';
import { gate, until, waitingForLocks } from '../support';
import { routingBench, type RoutingBench } from './support';

let bench: RoutingBench;

beforeEach(async () => {
  bench = await routingBench({ listener: { on: 'sign_up', hears: ['view_item'] } });
});
afterEach(() => bench.close());

/** Delivers to a Temporal that takes down which events it is told, and answers once `slow` does. */
function deliver(slow?: Promise<void>) {
  const told: unknown[] = [];
  const temporal: Temporal = {
    start: () => Promise.resolve({ status: 'started', temporalRunId: 'there' }),
    async tell({ signal }) {
      for (const item of signal.items) told.push(item.kind === 'event' ? item.event.properties.n : item.kind);
      await slow;
      return 'told';
    },
  };
  return { told, loop: bench.deliver(temporal) };
}

const rows = (table: 'deliveries' | 'dispatch') => bench.store.db.selectFrom(table).selectAll().execute();
const runOf = (person: string) =>
  bench.store.db.selectFrom('runs').selectAll().where('person_id', '=', person).executeTakeFirstOrThrow();

async function hears(user: string, n: number): Promise<string> {
  const person = await bench.track(user, 'view_item', { n });
  await bench.decider.decide([person]);
  return person;
}

/** A run that was started, with nothing left to tell it. */
async function startedRun(user: string): Promise<{ id: string; person: string }> {
  const person = await bench.track(user, 'sign_up');
  await bench.decider.decide([person]);
  const { loop } = deliver();
  await bench.delivered();
  await loop.stop();
  return { id: (await runOf(person)).id, person };
}

/** As deciding does, in the words of a release that knew nothing of the row's version. */
async function enqueueAsBefore(tx: Tx, run: string, n: number): Promise<void> {
  const payload = { n: 1e6 + n, kind: 'event', event: { properties: { n } } };
  await sql`with d as (
      insert into sojourn.deliveries (number, run_id, kind, payload) values (${payload.n}, ${run}, 'event', ${payload})
    ) insert into sojourn.dispatch as d (run_id) values (${run})
      on conflict (run_id) do update set due_at = least(d.due_at, now())`.execute(tx);
}

it('what is enqueued while the last is told is free to be told at once, and is told once', async () => {
  await startedRun('ann');
  const { open, opened } = gate();
  const { told, loop } = deliver(opened);
  await hears('ann', 1);
  await until(() => told.length === 1);
  await hears('ann', 2);
  const stopped = loop.stop();
  open();
  await stopped;
  expect(told).toEqual([1]);
  expect(await rows('deliveries')).toMatchObject([{ payload: { event: { properties: { n: 2 } } } }]);
  expect(await rows('dispatch')).toMatchObject([{ lease_until: null, attempts: 0 }]);

  const next = deliver();
  await bench.delivered();
  expect(next.told).toEqual([2]);
  expect(await rows('deliveries')).toEqual([]);
});

it('so is what is committed only while the queue waits for it', async () => {
  const run = await startedRun('bob');
  const { open, opened } = gate();
  const { told, loop } = deliver(opened);
  await hears('bob', 1);
  await until(() => told.length === 1);
  await inTransaction(bench.store.db, async (tx) => {
    await enqueueAsBefore(tx, run.id, 2);
    open();
    await waitingForLocks(bench.store.db);
  });
  await bench.delivered();
  await loop.stop();
  expect(told).toEqual([1, 2]);
  expect(await rows('deliveries')).toEqual([]);
});

it('more than one round may tell is left to the next ones, and none of it is lost', async () => {
  await startedRun('cid');
  const { told } = deliver();
  const all = Array.from({ length: 230 }, (_, n) => n);
  let person = '';
  for (const n of all) person = await bench.track('cid', 'view_item', { n });
  await bench.decider.decide([person]);
  await bench.delivered();
  expect(told).toEqual(all);
  expect(await rows('deliveries')).toEqual([]);
});

it('waits for what deciding holds in the order in which deciding takes it, so neither stops the other', async () => {
  const people = await Promise.all(['dee', 'eve'].map((user) => bench.track(user, 'sign_up')));
  await bench.decider.decide(people);
  const leased = await rows('dispatch');
  const [first, second] = leased.map((row) => row.run_id).sort((a, b) => Number(a) - Number(b)) as [string, string];
  const settle = createSettler(bench.store.db);
  let held: Promise<boolean[]> | undefined;
  const touch = (tx: Tx, run: string) =>
    tx.updateTable('dispatch').set({ due_at: new Date() }).where('run_id', '=', run).execute();
  await inTransaction(bench.store.db, async (tx) => {
    await touch(tx, first);
    held = Promise.all(
      [second, first].map((runId) => settle({ runId, fence: '0', done: [], startedAs: `temporal ${runId}` })),
    );
    await waitingForLocks(bench.store.db);
    // Held by whoever waits for the first one, these would never be had.
    await touch(tx, second);
    await tx.updateTable('runs').set({ heard: 1 }).where('id', 'in', [first, second]).execute();
  });
  expect(await held).toEqual([true, true]);
});

it('a run whose row is held is not waited for: its first call says what Temporal calls it', async () => {
  const people = await Promise.all(['fay', 'gus'].map((user) => bench.track(user, 'sign_up')));
  await bench.decider.decide(people);
  const [fay, gus] = [await runOf(people[0]!), await runOf(people[1]!)];
  await inTransaction(bench.store.db, async (tx) => {
    await tx.updateTable('runs').set({ heard: 1 }).where('id', '=', fay.id).execute();
    deliver();
    await bench.delivered();
  });
  expect((await runOf(people[0]!)).temporal_run_id).toBeNull();
  expect(await runOf(gus.person_id)).toMatchObject({ temporal_run_id: 'there' });
});
