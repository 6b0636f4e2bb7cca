/** Events that are accepted at the same time, by one statement each or by one for many. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { routingBench, type RoutingBench } from './support';

let bench: RoutingBench;
beforeAll(async () => {
  bench = await routingBench({});
});
afterAll(() => bench?.close());

it('counts 100 concurrent copies of one message id once (P2)', async () => {
  const event = {
    type: 'track' as const,
    name: 'search',
    messageId: 'the-same',
    userId: 'kim',
    properties: {},
    occurredAt: bench.clock.now(),
    source: 'test',
    planned: true,
    activity: true,
  };
  const accepted = await Promise.all(Array.from({ length: 100 }, () => bench.accept.accept([event])));
  const flat = accepted.flat();
  expect(flat.filter((one) => !one.duplicate)).toHaveLength(1);
  expect(new Set(flat.map((one) => one.eventId)).size).toBe(1);
  const stored = await bench.store.db.selectFrom('events').select('id').where('message_id', '=', 'the-same').execute();
  expect(stored).toHaveLength(1);
});

it("does not lose others' events when one is refused by the store", async () => {
  const good = bench.track('lea', 'search', { fine: true });
  const bad = bench.track('lea', 'search', { text: 'nul \u0000 here' });
  await expect(bad).rejects.toThrow();
  await expect(good).resolves.toBeTruthy();
});
