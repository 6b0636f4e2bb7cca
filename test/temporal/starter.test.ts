import { afterAll, beforeAll, expect, test } from 'vitest';
import { RetryLater } from '../../src/errors';
import type { HeaderInput } from '../../src/journey';
import { createTemporalClient, createTemporalStarter } from '../../src/runtime/worker';
import { until } from '../support';
import { type Rig, bundleOf, openRig, requestOf, sourceOf, startOf } from './rig';

const header: HeaderInput = { on: 'begun', hears: ['nodded'] };
let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
  await rig.serve(
    await bundleOf({ waiting: sourceOf('waiting', header, `await j.waitFor('nodded', { within: '1 hour' });`) }),
  );
});
afterAll(() => rig?.close());

test('a start that is repeated starts once', async () => {
  const request = requestOf(startOf('waiting', header));
  const first = await rig.starter.start(request);
  const second = await rig.starter.start(request);
  expect(first.status).toBe('started');
  expect(second).toMatchObject({ temporalRunId: 'temporalRunId' in first && first.temporalRunId });
  // Even when the server has forgotten the request: the memo says whose it is.
  const other = { ...request, start: { ...request.start, run: { ...request.start.run, number: 2 } } };
  expect((await rig.starter.start(other)).status).toBe('already_ours');
});

test('an id that another run still holds is busy, until that run is closed', async () => {
  const one = requestOf(startOf('waiting', header, 'ada'));
  const two = requestOf(startOf('waiting', header, 'ada'));
  expect(two.workflowId).toBe(one.workflowId);
  await rig.starter.start(one);
  expect(await rig.starter.start(two)).toEqual({ status: 'busy' });
  expect(await rig.starter.describe(one.workflowId)).toMatchObject({ status: 'running', sojournRun: one.runId });
  expect(await rig.starter.terminate({ workflowId: one.workflowId, reason: 'test' })).toBe(true);
  expect(await rig.starter.terminate({ workflowId: one.workflowId, reason: 'test' })).toBe(false);
  expect(await rig.starter.describe(one.workflowId)).toMatchObject({ status: 'terminated' });
  expect((await rig.starter.start(two)).status).toBe('started');
});

test('what was cut short in Temporal is listed, unlike what has completed, and can be removed', async () => {
  const since = new Date(Date.now() - 1_000);
  const completed = requestOf(startOf('waiting', header));
  await rig.starter.start(completed);
  const ending = { outcome: 'exited' as const, at: Date.now() };
  const signal = { run: completed.runId, items: [{ n: 5, kind: 'end' as const, ending }] };
  await rig.starter.tell({ workflowId: completed.workflowId, signal });
  await rig.client.workflow.getHandle(completed.workflowId).result();
  await until(async () => {
    const query = `WorkflowId = '${completed.workflowId}' AND ExecutionStatus = 'Completed'`;
    for await (const one of rig.client.workflow.list({ query })) return one;
    return undefined;
  });
  const request = requestOf(startOf('waiting', header));
  await rig.starter.start(request);
  await rig.starter.terminate({ workflowId: request.workflowId, reason: 'test' });
  const find = async () => {
    const found = [];
    for await (const one of rig.starter.listCutShortSince(since)) found.push(one);
    expect(found.map(({ workflowId }) => workflowId)).not.toContain(completed.workflowId);
    return found.find(({ workflowId }) => workflowId === request.workflowId);
  };
  const listed = await until(find);
  expect(listed).toMatchObject({ status: 'terminated', journey: 'waiting', sojournRun: request.runId });
  const target = { workflowId: request.workflowId, temporalRunId: listed.temporalRunId };
  expect(await rig.starter.remove(target)).toBe(true);
  const isGone = async () => (await rig.starter.describe(request.workflowId)) === undefined;
  await until(isGone); // the server deletes behind the scenes

  expect(await rig.starter.remove(target)).toBe(false);
});

test('telling what is not there says so', async () => {
  expect(await rig.starter.tell({ workflowId: 'waiting/nobody', signal: { run: '1', items: [] } })).toBe('gone');
});

test('a server that is away is worth another try later', async () => {
  const client = createTemporalClient({ address: '127.0.0.1:1', namespace: 'default' });
  const starter = createTemporalStarter({ client, taskQueue: 'sojourn', knownAttributes: new Set() });
  await expect(starter.start(requestOf(startOf('waiting', header)))).rejects.toThrow(RetryLater);
  await client.connection.close();
});
