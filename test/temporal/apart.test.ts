/**
 * What a run asks at once is asked in turn, and each answer comes after all else. A slow worker is told things one by one
 * that it is told together when the run is gone through again: numbered otherwise then, the run would hang for ever.
 */
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HeaderInput, StartArgs, Told } from '../../src/journey';
import type { At, Bundle } from '../../src/runtime/worker';
import { until } from '../support';
import { type OpName, type Rig, bundleOf, openRig, requestOf, sourcesOf, startOf } from './rig';

const header: HeaderInput = { on: 'begun', exitOn: ['logout'] };
const journeys = {
  sleeping: `await j.sleep('1 minute');`,
  sending: `await j.send('note');`,
  checking: `
    const answers = await Promise.all([j.check('first'), j.check('second'), j.check('third')]);
    if (answers.join() !== '1,2,3') throw new Error(answers.join());
    await j.sleep('2 seconds');`,
  emitting: `await j.emit('waved', {}); await j.sleep('1 minute');`,
};
let rig: Rig;
let bundle: Bundle;

beforeAll(async () => {
  rig = await openRig();
  bundle = await bundleOf(sourcesOf(header, journeys));
});
afterAll(() => rig?.close());

const optionsOf = (start: StartArgs) => ({
  ...{ taskQueue: 'sojourn', workflowId: requestOf(start).workflowId, args: [start] },
  memo: { sojournRun: start.run.id },
});

const theEnd = (): Told => ({ n: 2, kind: 'end', ending: { outcome: 'exited', reason: 'logout', at: Date.now() } });

/** Both attempts as a local activity come to nothing. */
function failTwice({ workflowId }: At, op: OpName): void {
  if (rig.askedFor(op, workflowId).length <= 2) throw new Error('not yet');
}

/** Signalled by another client, and told its end, before its first task. */
async function endedBefore(journey: string) {
  const start = startOf(journey, header);
  const handle = await rig.client.workflow.signalWithStart(journey, {
    ...optionsOf(start),
    ...{ signal: 'event', signalArgs: [{ event: 'nodded', messageId: 'meanwhile' }] },
  });
  await handle.signal('told', { run: start.run.id, items: [theEnd()] });
  return handle;
}

async function replay(workflowId: string): Promise<void> {
  const history = await rig.client.workflow.getHandle(workflowId).fetchHistory();
  await Worker.runReplayHistory({ workflowBundle: { code: bundle.code } }, history, workflowId);
}

test('a signal of another client, the run’s own call and its end, in one task', async () => {
  const handle = await endedBefore('sleeping');

  const workers = await rig.serve(bundle, {
    report: async (at, _, { waiting }) => {
      failTwice(at, 'report');
      return { value: { until: waiting?.until } };
    },
    acceptSignal: async (at) => {
      await sleep(30);
      failTwice(at, 'acceptSignal');
      return {};
    },
    finish: async () => {
      await sleep(500);
      return { value: null };
    },
  });
  expect(await handle.result()).toEqual({ outcome: 'exited', reason: 'logout' });
  await replay(handle.workflowId);
  await workers.stop();
});

test('a send that is cancelled before it begins, and a signal of another client, in one task', async () => {
  const handle = await endedBefore('sending');

  const workers = await rig.serve(bundle, {
    acceptSignal: async (at) => {
      failTwice(at, 'acceptSignal');
      return {};
    },
    finish: async (at) => {
      failTwice(at, 'finish');
      return { value: null };
    },
  });
  expect(await handle.result()).toEqual({ outcome: 'exited', reason: 'logout' });
  await replay(handle.workflowId);
  await workers.stop();
});

test('checks at once', async () => {
  const start = startOf('checking', header);
  const delays = { first: 0, second: 40, third: 80 };
  const workers = await rig.serve(bundle, {
    check: async ({ workflowId }, _, { name }) => {
      const asked = rig
        .askedFor('check', workflowId)
        .filter(({ args }) => (args[1] as { name: string }).name === name).length;
      await sleep(delays[name as keyof typeof delays]);
      if (asked <= 2) throw new Error('not yet');
      return { value: Object.keys(delays).indexOf(name) + 1 };
    },
  });
  const handle = await rig.client.workflow.start('checking', optionsOf(start));
  expect(await handle.result()).toEqual({ outcome: 'completed' });
  await replay(handle.workflowId);
  await workers.stop();
});

test('a slow signal of another client, a write that is done meanwhile, and the end after it', async () => {
  const start = startOf('emitting', header);
  const workers = await rig.serve(bundle, {
    // Done in a task after that which asked for both, and before both attempts to accept the signal have timed out.
    emit: async () => {
      await sleep(1_200);
      return { value: null };
    },
    acceptSignal: async ({ workflowId }) => {
      if (rig.askedFor('acceptSignal', workflowId).length <= 2) await sleep(4_000);
      return {};
    },
  });
  const handle = await rig.client.workflow.signalWithStart('emitting', {
    ...{ ...optionsOf(start), workflowTaskTimeout: '1 second' },
    ...{ signal: 'event', signalArgs: [{ event: 'nodded', messageId: 'meanwhile' }] },
  });
  await until(() => rig.askedFor('emit', handle.workflowId).length > 0);
  await handle.signal('told', { run: start.run.id, items: [theEnd()] });
  expect(await handle.result()).toEqual({ outcome: 'exited', reason: 'logout' });
  await replay(handle.workflowId);
  await workers.stop();
});
