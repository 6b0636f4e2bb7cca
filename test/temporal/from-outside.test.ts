/** What Temporal clients send, as the store takes it: the limits of every other way in hold here, too. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { definePlan } from '../../src/events';
import { createExternalOps } from '../../src/runtime/store-ops';
import { plan as shopPlan } from '../../events';
import { routingBench, type RoutingBench } from '../routing/support';

let bench: RoutingBench;
let ops: ReturnType<typeof createExternalOps>;
let adaId: string;

beforeAll(async () => {
  bench = await routingBench({ greeting: { on: 'begun' } });
  ops = createExternalOps({ ...bench, db: bench.store.db, plan: definePlan({}) });
  adaId = await bench.track('ada', 'visited');
});
afterAll(() => bench?.close());

const signal = (more: object) =>
  ops.acceptSignal({ run: { personId: adaId }, event: 'nodded', properties: {}, messageId: 'm', ...more });
let starts = 0;
const start = (args: unknown[], workflowId = `greeting/user-${starts}`) =>
  ops.adoptStart({ journey: 'greeting', workflowId, temporalRunId: `t${++starts}`, args });
const eventsOf = async (messageId: string) =>
  bench.store.db.selectFrom('events').selectAll().where('message_id', '=', messageId).execute();

const deep = (levels: number): unknown => (levels === 0 ? 'deep' : { in: deep(levels - 1) });

describe('is refused by name', () => {
  test.each<[string, object, RegExp]>([
    ['NUL', { properties: { note: 'a\0b' } }, /properties\.note: holds a NUL/],
    ['half a surrogate pair', { properties: { note: 'a\ud83d' } }, /half of a surrogate pair/],
    ['NUL in a message id', { messageId: 'm\0' }, /messageId: holds a NUL/],
    ['NUL in a name', { event: 'nod\0ded' }, /event: holds a NUL/],
    ['a long message id', { messageId: 'm'.repeat(3_000) }, /messageId: must have at most 256/],
    ['a long name', { event: 'n'.repeat(3_000) }, /event: must have at most 256/],
    ['more than 32 KB', { properties: { note: 'x'.repeat(33 * 1024) } }, /larger than 32 KB/],
    ['what is nested deep', { properties: deep(20) }, /nested more than 12 deep/],
    ['many keys', { properties: { list: Array(1_001).fill(0) } }, /more than 1000 keys/],
    ['a message id like our own', { messageId: 'sojourn:start/t1' }, /messageId: must not begin with 'sojourn:'/],
    ['a name that only Sojourn reports', { event: 'message_clicked' }, /only Sojourn reports/],
  ])('a signal with %s', async (_, more, reason) => {
    expect((await signal(more)).refused).toMatch(reason);
  });

  test.each<[string, unknown[], RegExp]>([
    ['NUL', [{ properties: { note: 'a\0b' } }], /NUL/],
    ['half a surrogate pair', [{ note: '\udc00' }], /half of a surrogate pair/],
    ['a long message id', [{ messageId: 'm'.repeat(3_000) }], /messageId: must have at most 256/],
    ['a message id like our own', [{ messageId: 'sojourn:start/t1' }], /must not begin with 'sojourn:'/],
    ['more than 32 KB', [{ note: 'x'.repeat(33 * 1024) }], /larger than 32 KB/],
    ['an argument that is no object', ['ada'], /the argument is not/],
    ['no time', [{ lastActivity: 'line 7' }], /lastActivity: must be a time/],
    ['a value below zero', [{ properties: { cartValue: '-8' } }], /properties.cartValue: must not be negative/],
  ])('a start with %s, and says whose its signals are', async (_, args, reason) => {
    const workflowId = `greeting/user-${starts}`;
    const answer = await start(args, workflowId);
    expect(answer).toMatchObject({ person: { userId: workflowId.slice('greeting/'.length) } });
    expect('refused' in answer && answer.refused).toMatch(reason);
  });

  test.each([
    ['nobody', 'nobody'],
    ['somebody by too long an id', `greeting/${'a'.repeat(300)}`],
    ['somebody by an id with NUL', 'greeting/a\0b'],
    ['somebody in Sojourn’s own words', 'greeting/person:1'],
  ])('a start that names %s', async (_, workflowId) => {
    const answer = await start([], workflowId);
    expect('refused' in answer && answer.refused).toMatch(/nobody is named/);
    expect(answer).not.toHaveProperty('person');
  });
});

test('a signal that is in order is accepted once, also under an id that Sojourn made', async () => {
  expect(await signal({ messageId: 'fine' })).toEqual({});
  expect(await signal({ messageId: 'fine' })).toEqual({});
  expect(await eventsOf('fine')).toMatchObject([{ person_id: adaId, name: 'nodded', source: 'temporal' }]);
  expect(await signal({ messageId: 'sojourn:signal/t/1', made: true })).toEqual({});
  expect(await eventsOf('sojourn:signal/t/1')).toHaveLength(1);
});

test.each([
  ['beside the person', { lastActivity: '2026-01-05T09:00', cartValue: '80' }],
  ['among properties', { properties: { lastActivity: '2026-01-05T10:00+01:00', cartValue: 80 } }],
  ['from a clock that is ahead', { lastActivity: Date.now() + 3_600_000, cartValue: '80.0' }],
])('what stands in for events is read as over HTTP, %s', async (where, facts) => {
  const messageId = `facts ${where}`;
  await start([{ ...facts, messageId }]);
  const [event] = await eventsOf(messageId);
  expect(event!.properties).toMatchObject({ cartValue: 80, lastActivity: expect.any(Number) });
  const last = Number(event!.properties['lastActivity']);
  if (where.includes('ahead')) expect(last).toBeLessThanOrEqual(bench.clock.now());
  else expect(new Date(last).toISOString()).toBe('2026-01-05T09:00:00.000Z');
});

test('a start is an event under an id of Sojourn’s, and asked again answers the same', async () => {
  const first = { journey: 'greeting', workflowId: 'greeting/bob', temporalRunId: 'b1', args: [] };
  const answer = await ops.adoptStart(first);
  expect(answer).toMatchObject({ startArgs: { run: { journey: 'greeting' } } });
  expect(await ops.adoptStart(first)).toEqual(answer);
  expect(await eventsOf('sojourn:start/b1')).toHaveLength(1);
});

test('a start that has become a run answers that run, whatever execution it is by now, and once its message id is forgotten', async () => {
  const first = {
    journey: 'greeting',
    workflowId: 'greeting/fay',
    temporalRunId: 'f1',
    args: [{ messageId: 'of-fay' }],
  };
  const answer = await ops.adoptStart(first);
  if (!('startArgs' in answer)) throw new Error('It was refused.');
  // The run's execution is another by now, as it is after a reset.
  const { db } = bench.store;
  await db.updateTable('runs').set({ temporal_run_id: 'f2' }).where('id', '=', answer.startArgs.run.id).execute();
  expect(await ops.adoptStart(first)).toEqual(answer);
  await db.deleteFrom('message_ids').where('message_id', '=', 'of-fay').execute();
  expect(await ops.adoptStart(first)).toEqual(answer);
  expect(await eventsOf('of-fay')).toHaveLength(1);
});

test('another start under a message id that has started a run is refused', async () => {
  const args = [{ userId: 'gus', messageId: 'of-gus' }];
  expect(await start(args, 'greeting/gus')).toHaveProperty('startArgs');
  expect(await start(args, 'greeting/gus')).toMatchObject({ refused: 'this message id has started a run already' });
});

test('a start that the rules refuse names its person, whose signals are then accepted', async () => {
  await start([{ userId: 'cyd' }]);
  const answer = await start([{ userId: 'cyd' }]);
  if (!('refused' in answer)) throw new Error('It was let in.');
  const { person } = answer;
  expect(person?.personId).toMatch(/^\d+$/);
  expect(await ops.acceptSignal({ person, event: 'nodded', properties: {}, messageId: 'of-cyd' })).toEqual({});
  expect(await eventsOf('of-cyd')).toMatchObject([{ person_id: person?.personId }]);
});

test('Segment’s names and properties arrive under those of the plan, as by every other way in', async () => {
  const shop = createExternalOps({ ...bench, db: bench.store.db, plan: shopPlan });
  const signal = { run: { personId: adaId }, event: 'Order Completed', messageId: 'segment-1' };
  expect(await shop.acceptSignal({ ...signal, properties: { order_id: 7, total: '80.00' } })).toEqual({});
  const kept = await bench.store.db.selectFrom('events').selectAll().where('message_id', '=', 'segment-1').execute();
  expect(kept).toMatchObject([{ name: 'purchase', planned: true, properties: { transaction_id: '7', value: 80 } }]);
  const wrong = { ...signal, messageId: 'segment-2', properties: { products: [{ price: 'x' }] } };
  expect((await shop.acceptSignal(wrong)).refused).toMatch(/^Order Completed: products\[0\]\.price: /);
});
