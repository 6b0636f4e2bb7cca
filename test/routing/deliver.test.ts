/** Delivering: in order, one holder of a run at a time, and nothing lost or undone by one that was thought dead. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Told } from '../../src/journey';
import type { Temporal } from '../../src/routing';
import { gate, until } from '../support';
import { routingBench, type RoutingBench } from './support';

let bench: RoutingBench;

beforeEach(async () => {
  bench = await routingBench({ listener: { on: 'sign_up', hears: ['view_item'] } });
});
afterEach(() => bench.close());

/** The far side of the deliverer: takes down what it is told, and may be slow to answer. */
function recorder(slow?: () => Promise<void>) {
  const told: string[] = [];
  const temporal: Temporal = {
    async start({ runId }) {
      told.push(`start ${runId}`);
      return Promise.resolve({ status: 'started', temporalRunId: 'r' });
    },
    async tell({ signal }) {
      told.push(...signal.items.map(numberOf));
      await slow?.();
      return 'told';
    },
  };
  return { told, temporal };
}

/** One that answers nothing until it is let go. */
function stuck() {
  const { open: release, opened } = gate();
  return { release, ...recorder(() => opened) };
}

const numberOf = (item: Told): string =>
  item.kind === 'event' ? `event ${String(item.event.properties.n)}` : item.kind;
const rows = (table: 'deliveries' | 'dispatch') => bench.store.db.selectFrom(table).select('run_id').execute();

it('tells a run in the order of its numbers, and leaves nothing behind', async () => {
  const person = await bench.track('ann', 'sign_up');
  for (let n = 0; n < 5; n++) await bench.track('ann', 'view_item', { n });
  await bench.decider.decide([person]);
  const { told, temporal } = recorder();
  bench.deliver(temporal);
  await bench.delivered();
  expect(told.slice(1)).toEqual([0, 1, 2, 3, 4].map((n) => `event ${n}`));
  expect(await rows('deliveries')).toEqual([]);
});

it('a holder whose lease is over undoes nothing of the one that took over', async () => {
  const person = await bench.track('bob', 'sign_up');
  await bench.decider.decide([person]);
  const first = recorder();
  const loop = bench.deliver(first.temporal);
  await bench.delivered();
  await loop.stop();

  await bench.track('bob', 'view_item', { n: 1 });
  await bench.decider.decide([person]);
  const { open, opened } = gate();
  const slow = recorder(() => opened);
  bench.deliver(slow.temporal);
  await until(() => slow.told.length === 1);
  // It is thought dead: its lease runs out, and another process takes over.
  await bench.store.db
    .updateTable('dispatch')
    .set({ lease_until: new Date(0) })
    .execute();
  const other = recorder();
  bench.deliver(other.temporal);
  await bench.delivered();
  expect(other.told).toEqual(['event 1']);
  await bench.track('bob', 'view_item', { n: 2 });
  await bench.decider.decide([person]);
  await bench.delivered();
  open();
  expect(other.told).toEqual(['event 1', 'event 2']);
  expect(await rows('deliveries')).toEqual([]);
});

it('nor lets it go, so that no third tells the run something at the same time', async () => {
  const person = await bench.track('eve', 'sign_up');
  await bench.track('eve', 'view_item', { n: 1 });
  await bench.decider.decide([person]);
  const [first, second] = [stuck(), stuck()];
  bench.deliver(first.temporal);
  await until(() => first.told.includes('event 1'));
  await bench.store.db
    .updateTable('dispatch')
    .set({ lease_until: new Date(0) })
    .execute();
  // The first is still held up in its round, so it is the second that takes over.
  bench.deliver(second.temporal);
  await until(() => second.told.includes('event 1'));
  await bench.track('eve', 'view_item', { n: 2 });
  await bench.decider.decide([person]);
  first.release();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const meanwhile = [...first.told];
  second.release();
  expect(meanwhile).not.toContain('event 2');
  await bench.delivered();
  expect([...first.told, ...second.told].filter((told) => told === 'event 2')).toHaveLength(1);
});

it('nor does one whose run has been told all meanwhile, and something new after that', async () => {
  const person = await bench.track('fay', 'sign_up');
  await bench.decider.decide([person]);
  const quick = recorder();
  const starting = bench.deliver(quick.temporal);
  await bench.delivered();
  await starting.stop();
  const hear = async (n: number) => {
    await bench.track('fay', 'view_item', { n });
    await bench.decider.decide([person]);
  };
  const dispatched = () => bench.store.db.selectFrom('dispatch').selectAll().executeTakeFirstOrThrow();

  await hear(1);
  const first = stuck();
  const lapsed = bench.deliver(first.temporal);
  await until(() => first.told.length === 1);
  await bench.store.db
    .updateTable('dispatch')
    .set({ lease_until: new Date(0) })
    .execute();
  const successor = bench.deliver(quick.temporal);
  await bench.delivered();
  await successor.stop();
  await hear(2);
  const second = stuck();
  bench.deliver(second.temporal);
  await until(() => second.told.length === 1);
  await hear(3);
  const held = await dispatched();
  const ended = lapsed.stop();
  first.release();
  await ended;
  const after = await dispatched();
  second.release();
  await bench.delivered();
  expect(after).toEqual(held);
});

it('does not start a run that has ended before it could be started, and tells the next one', async () => {
  const person = await bench.track('cid', 'sign_up');
  await bench.decider.decide([person]);
  await bench.store.db.updateTable('runs').set({ state: 'ended', outcome: 'stopped', ended_at: new Date() }).execute();
  await bench.track('cid', 'sign_up');
  await bench.decider.decide([person]);
  const { told, temporal } = recorder();
  bench.deliver(temporal);
  await bench.delivered();
  const [, second] = await bench.store.db.selectFrom('runs').select('id').orderBy('id').execute();
  expect(told).toEqual([`start ${second!.id}`]);
});

it('cuts what one signal can not hold', async () => {
  const person = await bench.track('dee', 'sign_up');
  for (let n = 0; n < 40; n++) await bench.track('dee', 'view_item', { n, text: 'x'.repeat(30_000) });
  await bench.decider.decide([person]);
  const sizes: number[] = [];
  const { told, temporal } = recorder();
  bench.deliver({
    ...temporal,
    tell: (one) => {
      sizes.push(JSON.stringify(one).length);
      return temporal.tell(one);
    },
  });
  await bench.delivered();
  expect(told).toHaveLength(41);
  expect(Math.max(...sizes)).toBeLessThan(600_000);
});
