/** What a run's calls do to the store, and what they leave alone when the row is not the run's, or no longer live. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { check } from '../../src/behaviour';
import {
  createJourney,
  loadHeader,
  runJourney,
  type Carried,
  type Journey,
  type Port,
  type StartArgs,
} from '../../src/journey';
import { nextNumbers, withPeopleLocked } from '../../src/db';
import { endLiveRun, endRuns } from '../../src/runs';
import { askAbout, createChecks, createStoreOps } from '../../src/runtime/store-ops';
import { waitingForLocks } from '../support';
import { routingBench, type RoutingBench } from './support';

let bench: RoutingBench;

const header = { on: 'sign_up', hears: ['view_item'], exitOn: ['logout'] } as const;
const checks = {
  nothing: check(() => undefined),
  size: check(() => ({ bytes: 2n ** 64n })),
  // The sixtieth character is the first half of a pair.
  text: check(() => `\0${'-'.repeat(57)}👋 and ${'👋'.slice(1)}`),
};

beforeAll(async () => {
  bench = await routingBench({
    listener: header,
    guest: { on: 'invited', key: 'guest', onRepeat: 'hear' },
  });
});
afterAll(() => bench.close());

const ops = () =>
  createStoreOps(
    {
      ...{ db: bench.store.db, clock: bench.clock, accept: bench.accept, decider: bench.decider },
      checks: createChecks(checks),
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

it('a check that asks for the same events twice is told the same, whatever comes meanwhile', async () => {
  const personId = await bench.track('zoe', 'view_item');
  const person = { id: personId, traits: {} };
  const ask = askAbout({ db: bench.store.db, clock: bench.clock }, { person, trigger: emission.trigger });
  const before = await ask.events(['view_item', 'purchase']);
  await bench.track('zoe', 'view_item');
  expect(await ask.events(['purchase', 'view_item'])).toEqual(before);
  expect(await ask.events(['view_item'])).toHaveLength(2);
});

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

it('the last call of a run waits for whoever has locked its person, and its end is numbered after theirs', async () => {
  const { run, ...carried } = await begin('gil');
  const ending = { outcome: 'completed' as const, at: bench.clock.now() };
  const { finishing, before } = await withPeopleLocked(bench.store.db, [run.personId], async (tx) => {
    const call = ops().finish({ run, ...carried }, { ending });
    await Promise.race([call, waitingForLocks(bench.store.db)]);
    return { finishing: { call }, before: await nextNumbers(tx, 1) };
  });
  expect(await finishing.call).toEqual({ value: null });
  const row = await rowOf(run.id);
  expect(row).toMatchObject({ state: 'ended', outcome: 'completed', version: 'v1', temporal_run_id: 't1' });
  expect(Number(row.end_number)).toBeGreaterThan(before[0]!);
  const steps = bench.store.db.selectFrom('run_steps').select(['position', 'step']).where('run_id', '=', run.id);
  expect(await steps.execute()).toEqual([{ position: 0, step: 'sleep 1m' }]);
});

it('one that finds its run ended, or an end on its way, answers how', async () => {
  const ending = { outcome: 'completed' as const, at: bench.clock.now() };
  const exited = { value: null, ended: { outcome: 'exited', reason: 'logout' } };

  const undecided = await begin('hal');
  await bench.track('hal', 'logout');
  expect(await ops().finish(undecided, { ending })).toMatchObject(exited);
  expect(await ops().finish(undecided, { ending })).toMatchObject(exited);
  expect(await rowOf(undecided.run.id)).toMatchObject({ outcome: 'exited' });

  const raced = await begin('ian');
  const stopped = { outcome: 'stopped' as const, reason: 'by hand', at: bench.clock.now() };
  const { call } = await withPeopleLocked(bench.store.db, [raced.run.personId], async (tx) => {
    const finishing = ops().finish(raced, { ending });
    await Promise.race([finishing, waitingForLocks(bench.store.db)]);
    const [number = 0] = await nextNumbers(tx, 1);
    await endRuns(tx, [{ runId: raced.run.id, ending: stopped, number }]);
    return { call: finishing };
  });
  expect(await call).toEqual({ value: null, ended: stopped });
  expect(await rowOf(raced.run.id)).toMatchObject({ outcome: 'stopped' });
  const steps = bench.store.db.selectFrom('run_steps').select('step').where('run_id', '=', raced.run.id);
  expect(await steps.execute()).toEqual([{ step: 'sleep 1m' }]);
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

const journey = createJourney<{
  events: { sign_up: object; view_item: Record<string, unknown>; logout: object };
  messages: object;
  checks: { text: { args: void; result: string } };
}>();

/** A run on calls that go to the store without Temporal between. */
async function perform(carried: Carried, journey: Journey) {
  const now = bench.clock.now();
  const start: StartArgs = {
    ...{ sojourn: 1, run: carried.run, header: loadHeader('listener', header), startedAt: now },
    ...{ event: emission.trigger, person: { id: carried.run.personId, traits: {} }, clock: { epoch: now, scale: 1 } },
  };
  const store = ops();
  const port: Port = {
    now: () => bench.clock.now(),
    wait: () => Promise.reject(new Error('nothing is waited for here')),
    // The operation of this name takes these arguments, and answers this.
    call: (op, ...call) => (store[op] as (...args: unknown[]) => Promise<never>)(...call),
    tell: () => undefined,
  };
  return runJourney({ journey, start, port }).done;
}

it('a run goes on when a check answers, and it says, what PostgreSQL refuses', async () => {
  const speaks = journey('listener', header, async (j) => {
    const text = await j.check('text');
    await j.update({ note: text });
    await j.emit('view_item', { [`\0${text}`]: text });
    return j.exit(`says ${text}`);
  });
  const carried = await begin('eva');
  const ending = await perform(carried, speaks);
  expect(ending).toMatchObject({ outcome: 'exited' });
  const said = `\ufffd${'-'.repeat(57)}👋 and \ufffd`;
  expect(await rowOf(carried.run.id)).toMatchObject({ state: 'ended', outcome: 'exited', reason: `says ${said}` });
  const steps = await bench.store.db.selectFrom('run_steps').selectAll().where('run_id', '=', carried.run.id).execute();
  expect(steps.map(({ step, result }) => `${step}: ${result}`)).toEqual([
    `check text: \ufffd${'-'.repeat(57)}…`,
    'update note: done',
    'emit view_item: done',
  ]);
});

it('a check without an answer answers null, and one that is no JSON is not asked again', async () => {
  const carried = await begin('fay');
  const trigger = emission.trigger;
  expect(await ops().check(carried, { name: 'nothing', args: null, trigger })).toEqual({ value: null });
  await expect(ops().check(carried, { name: 'size', args: null, trigger })).rejects.toThrow(
    'activities/size.ts: its answer is no JSON (Do not know how to serialize a BigInt)',
  );
});
