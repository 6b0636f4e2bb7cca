/** What a run's calls do to the store, and what they leave alone when the row is not the run's, or no longer live. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Carried } from '../../src/journey';
import { endLiveRun } from '../../src/runs';
import { createChecks, createStoreOps } from '../../src/runtime/store-ops';
import { routingBench, type RoutingBench } from './support';

let bench: RoutingBench;

beforeAll(async () => {
  bench = await routingBench({
    listener: { on: 'sign_up', hears: ['view_item'], exitOn: ['logout'] },
    guest: { on: 'invited', key: 'guest', onRepeat: 'hear' },
  });
});
afterAll(() => bench.close());

const ops = () =>
  createStoreOps(
    {
      ...{ db: bench.store.db, clock: bench.clock, accept: bench.accept, decider: bench.decider },
      checks: createChecks({}),
      sender: { send: () => Promise.reject(new Error('nothing is sent here')) },
    },
    { version: 'v1', temporalRunId: 't1' },
  );
const rowOf = (id: string) =>
  bench.store.db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

async function begin(user: string): Promise<Carried> {
  const personId = await bench.track(user, 'sign_up');
  await bench.decider.decide([personId]);
  const { id, number } = await bench.store.db
    .selectFrom('runs')
    .select(['id', 'number'])
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow();
  const run = { id, number: Number(number), journey: 'listener', key: user, personId };
  return { run, position: 0, steps: [{ at: bench.clock.now(), step: 'sleep 1m', result: 'done' }] };
}
const emission = {
  event: 'view_item',
  properties: {},
  trigger: { id: '1', name: '', properties: {}, at: 0, acceptedAt: 0 },
};
const emitted = (stepKey: string) =>
  bench.store.db.selectFrom('message_ids').selectAll().where('message_id', '=', `sojourn:step/${stepKey}`).execute();

it('a call of a live run does what it asks for, once, and carries its trace', async () => {
  const carried = await begin('ann');
  for (let attempt = 0; attempt < 2; attempt++) {
    expect(await ops().emit(carried, { ...emission, stepKey: 'ann/1' })).toEqual({ value: null });
  }
  expect(await emitted('ann/1')).toHaveLength(1);
  const steps = await bench.store.db.selectFrom('run_steps').selectAll().where('run_id', '=', carried.run.id).execute();
  expect(steps).toMatchObject([{ position: 0, step: 'sleep 1m' }]);
});

it('one under another number is told so, and does nothing', async () => {
  const { run, ...carried } = await begin('bob');
  const stale = { ...carried, run: { ...run, number: run.number - 1 } };
  expect(await ops().emit(stale, { ...emission, stepKey: 'bob/1' })).toEqual({ value: null, stale: true });
  const ending = { outcome: 'completed' as const, at: bench.clock.now() };
  expect(await ops().finish(stale, { ending })).toEqual({ value: null, stale: true });
  expect(await emitted('bob/1')).toEqual([]);
  expect(await bench.store.db.selectFrom('run_steps').selectAll().where('run_id', '=', run.id).execute()).toEqual([]);
  expect(await rowOf(run.id)).toMatchObject({ state: 'live', version: null });
});

it('one of a run whose exit is accepted and undecided does nothing, and is told how it ended', async () => {
  const carried = await begin('cid');
  await bench.track('cid', 'logout');
  const answer = await ops().emit(carried, { ...emission, stepKey: 'cid/1' });
  expect(answer).toMatchObject({ ended: { outcome: 'exited', reason: 'logout' } });
  expect(await emitted('cid/1')).toEqual([]);
});

it('a run that has ended stays as it ended, whoever else would end it', async () => {
  const { run } = await begin('dee');
  await bench.track('dee', 'logout');
  await bench.decider.decide([run.personId]);
  const ended = await rowOf(run.id);
  const ending = { outcome: 'terminated' as const, reason: 'not found in Temporal', at: bench.clock.now() };
  expect(await endLiveRun(bench.store.db, { personId: run.personId, runId: run.id, ending })).toBe(false);
  expect(await rowOf(run.id)).toEqual(ended);
});

it('what a run may have missed is judged by all that it says, and told without addresses', async () => {
  const invite = (guest: string, nth: number) => bench.track('eli', 'invited', { guest, nth });
  const personId = await invite('ada@example.com', 1);
  await invite('ben@example.com', 2);
  await bench.decider.decide([personId]);
  await invite('ben@example.com', 3);
  await invite('ada@example.com', 4);
  const rows = await bench.store.db
    .selectFrom('runs')
    .select(['id', 'number'])
    .where('person_id', '=', personId)
    .orderBy('id')
    .execute();
  const told = rows.map(async ({ id, number }) => {
    const run = { id, number: Number(number), journey: 'guest', key: 'eli', personId };
    const asked = { events: ['invited'], from: 0, until: bench.clock.now() + 1 };
    return (await ops().catchUp({ run, position: 0, steps: [] }, asked)).value.map(({ properties }) => properties);
  });
  expect(await Promise.all(told)).toEqual([
    [{ nth: 1 }, { nth: 4 }],
    [{ nth: 2 }, { nth: 3 }],
  ]);
});
