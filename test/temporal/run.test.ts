import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HeaderInput } from '../../src/journey';
import { until } from '../support';
import { type Rig, bundleOf, openRig, requestOf, sourcesOf, startOf, toldEvent } from './rig';

const header: HeaderInput = { on: 'begun', hears: ['nodded'], exitOn: ['logout'] };
const journeys = {
  waiting: `
    const nod = await j.waitFor('nodded', { within: '1 hour' });
    await j.send('thanks', { nod });`,
  short: `await j.sleep('1 second'); await j.check('is-open'); await j.send('thanks', {});`,
  failing: `await j.check('is-open'); throw new TypeError('no such thing');`,
  looping: `for (;;) { try { await j.waitFor('nodded', { within: '1 hour' }) } catch {} }`,
};
let rig: Rig;
let failingChecks = 0;
/** What checks wait for before they answer. */
let meanwhile: () => Promise<unknown> = () => Promise.resolve();

beforeAll(async () => {
  rig = await openRig();
  const plain = `export default async (name: string) => 'hello ' + name;`;
  const kept = `let calls = 0; export const call = () => ++calls; export default async () => call();`;
  const counting = `import { call } from './kept'; let calls = 0; export default async () => [++calls, call()];`;
  const looking = `
    import * as journey from '${path.resolve('src/journey/index.ts')}';
    import * as temporal from '${path.resolve('src/runtime/temporal/index.ts')}';
    const own = Object.entries({ ...journey, ...temporal }).filter(([, value]) => !Object.isFrozen(value));
    export default async () => own.map(([name]) => name);`;
  const bundle = await bundleOf({ ...sourcesOf(header, journeys), plain, kept, counting, looking });
  await rig.serve(bundle, {
    check: async () => {
      await meanwhile();
      if (failingChecks-- > 0) throw new Error('the shop is away');
      return { value: true };
    },
    adoptStart: async () => {
      await meanwhile();
      return { refused: 'asked for too often', person: { userId: 'ada' } };
    },
  });
});
afterAll(() => rig?.close());

async function begin(journey: string, change: object = {}) {
  const start = { ...startOf(journey, header), ...change };
  const request = requestOf(start);
  const answer = await rig.starter.start(request);
  return { ...request, start, answer, handle: rig.client.workflow.getHandle(request.workflowId) };
}
const isWaiting = (workflowId: string) => until(() => rig.askedFor('report', workflowId).length > 0);
const history = async (workflowId: string) =>
  (await rig.client.workflow.getHandle(workflowId).fetchHistory()).events ?? [];

test('a run goes through its steps and says what it came to', async () => {
  const { handle, workflowId } = await begin('short');
  expect(await handle.result()).toEqual({ outcome: 'completed' });
  expect(rig.askedFor('send', workflowId)).toHaveLength(1);
  expect(rig.askedFor('finish', workflowId)[0]?.args[0]).toMatchObject({
    steps: [{ step: 'send thanks', result: 'sent' }],
  });
});

test('people read its story in Temporal: timers and activities by name, its details, its search attributes', async () => {
  const { handle, workflowId, runId } = await begin('short');
  await isWaiting(workflowId);
  const { client } = rig;
  const metadata = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(metadata.currentDetails).toContain('sleep 1s');
  await handle.result();

  const events = await history(workflowId);
  const convert = (data: unknown) => JSON.parse(Buffer.from(data as Uint8Array).toString()) as string;
  const summaries = events.flatMap((event) => {
    const data = event.userMetadata?.summary?.data;
    return data ? [convert(data)] : [];
  });
  expect(summaries).toEqual(expect.arrayContaining(['sleep 1s', 'send thanks']));
  const activity = events.find((event) => event.activityTaskScheduledEventAttributes);
  expect(activity?.activityTaskScheduledEventAttributes?.activityType?.name).toBe('send');

  const found = async () => {
    const query = `SojournJourney = 'short' AND SojournRun = '${runId}' AND SojournPerson = '7' AND SojournOutcome = 'completed'`;
    for await (const one of client.workflow.list({ query })) return one.workflowId;
    return undefined;
  };
  expect(await until(found)).toBe(workflowId);
  const description = await handle.describe();
  expect(await description.staticSummary()).toContain('short for');
});

test('what a file in workflows/ keeps at its top, or one that it imports, is each run’s own', async () => {
  const count = (workflowId: string) =>
    rig.client.workflow.execute('counting', { workflowId, taskQueue: 'sojourn', args: [] });
  expect(await count('counting/first')).toEqual([1, 1]);
  expect(await count('counting/second')).toEqual([1, 1]);
});

test('the modules that run a journey are shared by all runs of a worker, and none can change them', async () => {
  const workflowId = 'looking/at-engine';
  // Temporal freezes what it shares, and nothing else.
  expect(await rig.client.workflow.execute('looking', { workflowId, taskQueue: 'sojourn', args: [] })).toEqual([]);
});

test('a short run writes at most 20 history events', async () => {
  const { handle, workflowId } = await begin('short');
  await handle.result();
  const types = (await history(workflowId)).map((event) => event.eventType);
  expect(types.length, types.join()).toBeLessThanOrEqual(20);
});

describe('what a run is told', () => {
  test('counts once, however often it is told', async () => {
    const { workflowId, start, handle } = await begin('waiting');
    await isWaiting(workflowId);
    const signal = { run: start.run.id, items: [toldEvent(5, 'nodded', { first: true })] };
    expect(await rig.starter.tell({ workflowId, signal })).toBe('told');
    await rig.starter.tell({ workflowId, signal });
    await handle.result();
    expect(rig.askedFor('send', workflowId)).toHaveLength(1);
    expect(rig.askedFor('send', workflowId)[0]?.args[1]).toMatchObject({ props: { nod: { first: true } } });
    expect(await rig.starter.tell({ workflowId, signal })).toBe('gone');
  });

  test('is heard when it comes before the first task, together with the start', async () => {
    const start = startOf('waiting', header);
    const handle = await rig.client.workflow.signalWithStart('waiting', {
      workflowId: requestOf(start).workflowId,
      taskQueue: 'sojourn',
      args: [start],
      signal: 'told',
      signalArgs: [{ run: start.run.id, items: [toldEvent(2, 'nodded')] }],
    });
    expect(await handle.result()).toEqual({ outcome: 'completed' });
  });

  test('is not heard when it is for another run of the same workflow id', async () => {
    const { workflowId, start, handle } = await begin('waiting');
    await isWaiting(workflowId);
    await rig.starter.tell({ workflowId, signal: { run: 'another', items: [toldEvent(5, 'nodded')] } });
    await sleep(300);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    const ending = { outcome: 'converted' as const, at: Date.now() };
    const items = [{ n: 6, kind: 'end' as const, ending }];
    await rig.starter.tell({ workflowId, signal: { run: start.run.id, items } });
    expect(await handle.result()).toEqual({ outcome: 'converted' });
    expect(rig.askedFor('send', workflowId)).toHaveLength(0);
  });

  test('ends a body that catches everything, too', async () => {
    const { workflowId, start, handle } = await begin('looping');
    await isWaiting(workflowId);
    const ending = { outcome: 'exited' as const, reason: 'logout', at: Date.now() };
    await rig.starter.tell({ workflowId, signal: { run: start.run.id, items: [{ n: 3, kind: 'end', ending }] } });
    expect(await handle.result()).toEqual({ outcome: 'exited', reason: 'logout' });
  });
});

test('a check that can not be had locally becomes an activity that people see, and is retried', async () => {
  failingChecks = 4;
  const { workflowId, handle } = await begin('short');
  const pending = await until(async () =>
    (await handle.describe()).raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'check'),
  );
  expect(pending.lastFailure?.message ?? 'the shop is away').toContain('the shop is away');
  expect(await handle.result()).toEqual({ outcome: 'completed' });
  expect(rig.askedFor('check', workflowId)).toHaveLength(5);
});

test('a check that is retried is called off by the end of the run', async () => {
  failingChecks = 1_000;
  const { workflowId, start, handle } = await begin('short');
  await until(async () => (await handle.describe()).raw.pendingActivities?.length);
  const ending = { outcome: 'exited' as const, reason: 'logout', at: Date.now() };
  await rig.starter.tell({ workflowId, signal: { run: start.run.id, items: [{ n: 3, kind: 'end', ending }] } });
  expect(await handle.result()).toEqual({ outcome: 'exited', reason: 'logout' });
  failingChecks = 0;
});

test('a body that throws fails its execution, and says why and where', async () => {
  const { handle, workflowId } = await begin('failing');
  await expect(handle.result()).rejects.toMatchObject({
    cause: {
      type: 'JourneyFailed',
      message: expect.stringContaining('no such thing') as string,
      cause: { stack: expect.stringContaining('workflows/failing.ts') as string },
    },
  });
  expect(rig.askedFor('finish', workflowId)[0]?.args[1]).toMatchObject({ ending: { outcome: 'failed' } });
});

test('a cancellation in Temporal stops the run in order', async () => {
  const { handle, workflowId } = await begin('waiting');
  await isWaiting(workflowId);
  await handle.cancel();
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect(rig.askedFor('finish', workflowId)[0]?.args[1]).toMatchObject({ ending: { outcome: 'stopped' } });
});

test('what another client signalled before a cancellation is accepted all the same', async () => {
  const { handle, workflowId } = await begin('short');
  // Both wait for the workflow's next task, which has the two at once.
  meanwhile = async () => {
    meanwhile = () => Promise.resolve();
    await handle.signal('event', { event: 'nodded', messageId: 'before-the-end' });
    await handle.cancel();
  };
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect(rig.askedFor('acceptSignal', workflowId)[0]?.args[0]).toMatchObject({ messageId: 'before-the-end' });
});

test('so is what was signalled with a start that is cancelled while the entry rules are asked', async () => {
  const workflowId = 'short/by-another-client';
  const handle = rig.client.workflow.getHandle(workflowId);
  meanwhile = async () => {
    meanwhile = () => Promise.resolve();
    await handle.signal('event', { event: 'nodded', messageId: 'with-the-start' });
    await handle.cancel();
  };
  await rig.client.workflow.start('short', { workflowId, taskQueue: 'sojourn', args: [{ userId: 'ada' }] });
  await handle.result().catch(() => undefined);
  expect(rig.askedFor('acceptSignal', workflowId)[0]?.args[0]).toMatchObject({ messageId: 'with-the-start' });
});

test('timers run at the clock’s scale', async () => {
  const clock = { epoch: Date.now(), scale: 1000 };
  const { handle, start, workflowId } = await begin('waiting', { clock });
  const before = Date.now();
  expect(await handle.result()).toEqual({ outcome: 'completed' });
  expect(Date.now() - before).toBeGreaterThan(3_500);
  const finish = rig.askedFor('finish', workflowId)[0]?.args[1] as { ending: { at: number } };
  expect(finish.ending.at - start.startedAt).toBeGreaterThanOrEqual(3_600_000);
});

test('a plain workflow function runs as itself', async () => {
  const options = { workflowId: 'plain-1', taskQueue: 'sojourn', args: ['Ada'] };
  expect(await rig.client.workflow.execute('plain', options)).toBe('hello Ada');
});

describe('a start that makes no sense fails, and does not hang', () => {
  test('a journey that nobody knows', async () => {
    const options = { workflowId: 'nobody-1', taskQueue: 'sojourn', args: [] };
    await expect(rig.client.workflow.execute('nobody', options)).rejects.toMatchObject({
      cause: { type: 'UnknownJourney', message: expect.stringContaining('waiting') as string },
    });
  });

  test('arguments that pretend to be Sojourn’s', async () => {
    const options = { workflowId: 'waiting/bad', taskQueue: 'sojourn', args: [{ sojourn: 2 }] };
    await expect(rig.client.workflow.execute('waiting', options)).rejects.toMatchObject({
      cause: { type: 'BadStartArguments' },
    });
  });
});
