import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HeaderInput } from '../../src/journey';
import type { ForeignSignal } from '../../src/runtime/worker';
import { resetToTheStart, until } from '../support';
import { type Rig, bundleOf, openRig, requestOf, sourceOf, startOf, toldEvent } from './rig';

const header: HeaderInput = { on: 'begun', hears: ['nodded'] };
let rig: Rig;
/** A client as any service has it, that knows of Sojourn the contract and no more. */
let plain: Client;
/** Messages are accepted once, as the store does it. */
const accepted = new Set<string>();

beforeAll(async () => {
  rig = await openRig();
  plain = new Client({ connection: await addressOf(rig), namespace: rig.client.options.namespace });
  const bundle = await bundleOf({
    greeting: sourceOf(
      'greeting',
      header,
      `const nod = await j.waitFor('nodded', { within: '1 hour' }); return j.exit('nod ' + nod.nth);`,
    ),
  });
  const starts = new Map<string, ReturnType<typeof startOf>>();
  await rig.serve(bundle, {
    adoptStart: async (_, { workflowId, args }) => {
      const [facts] = args as [{ refuse?: boolean; person?: { personId: string } }?];
      if (facts?.refuse) return { refused: 'entry: once ever', ...(facts.person && { person: facts.person }) };
      const start = starts.get(workflowId) ?? startOf('greeting', header);
      starts.set(workflowId, start);
      return { startArgs: start };
    },
    acceptSignal: async (at, { run, event, properties, messageId }) => {
      if (properties.unplanned) return { refused: 'properties: too large' };
      if (accepted.has(messageId)) return {};
      accepted.add(messageId);
      if (!run) return {};
      const items = [toldEvent(10 + accepted.size, event, properties)];
      await rig.starter.tell({ workflowId: at.workflowId, signal: { run: run.id, items } });
      return {};
    },
  });
});
afterAll(async () => {
  await plain?.connection.close();
  await rig?.close();
});

async function addressOf({ client }: Rig): Promise<Connection> {
  const { address } = (client.connection as Connection).options;
  return Connection.connect({ address });
}
const taskQueue = 'sojourn';

test('a plain start runs the journey, once the entry rules let it in', async () => {
  const workflowId = 'greeting/ada';
  const handle = await plain.workflow.start('greeting', { workflowId, taskQueue, args: [{ userId: 'ada' }] });
  await until(() => rig.askedFor('report', workflowId).length > 0);
  expect(rig.askedFor('adoptStart', workflowId)[0]?.args[0]).toMatchObject({
    journey: 'greeting',
    workflowId,
    temporalRunId: handle.firstExecutionRunId,
    args: [{ userId: 'ada' }],
  });
  await handle.signal('event', { event: 'nodded', properties: { nth: 1 }, messageId: 'm1' });
  expect(await handle.result()).toEqual({ outcome: 'exited', reason: 'nod 1' });
  const { typedSearchAttributes } = await handle.describe();
  expect(typedSearchAttributes.getAll().map(({ key }) => key.name)).toEqual(
    expect.arrayContaining(['SojournJourney', 'SojournPerson', 'SojournRun', 'SojournOutcome']),
  );
});

test('an execution that was reset to before its start was adopted asks for the same start again', async () => {
  const workflowId = 'greeting/flo';
  const handle = await plain.workflow.start('greeting', { workflowId, taskQueue, args: [{ userId: 'flo' }] });
  const runId = handle.firstExecutionRunId;
  const signal = { event: 'nodded', properties: { nth: 5, unplanned: true } };
  await handle.signal('event', signal);
  await until(() => rig.askedFor('acceptSignal', workflowId).length > 0);
  await until(() => rig.askedFor('report', workflowId).length > 0);
  const resetTo = await resetToTheStart(plain, { workflowId, runId });
  const byReset = () => rig.askedFor('adoptStart', workflowId).filter(({ at }) => at.temporalRunId === resetTo);
  await until(() => byReset().length > 0);
  expect(byReset()[0]?.args[0]).toMatchObject({ workflowId, temporalRunId: runId });
  await until(() => rig.askedFor('acceptSignal', workflowId).some(({ at }) => at.temporalRunId === resetTo));
  const ids = rig.askedFor('acceptSignal', workflowId).map(({ args }) => (args[0] as ForeignSignal).messageId);
  expect(new Set(ids)).toEqual(new Set([`sojourn:signal/${runId}/1`]));
  await plain.workflow.getHandle(workflowId).terminate();
});

test('each execution that Temporal itself starts after another is a start of its own, and its signals are its own', async () => {
  const workflowId = 'greeting/guy';
  const args = [{ refuse: true, person: { personId: '13' } }];
  const handle = await plain.workflow.start('greeting', { workflowId, taskQueue, args, cronSchedule: '@every 1s' });
  const signalled = () => rig.askedFor('acceptSignal', workflowId).map(({ args }) => args[0] as ForeignSignal);
  let last: string | undefined;
  for (const nth of [1, 2]) {
    await until(async () => (await plain.workflow.getHandle(workflowId).describe()).runId !== last);
    await plain.workflow.getHandle(workflowId).signal('event', { event: 'nodded', properties: { nth } });
    await until(() => signalled().some(({ properties }) => properties.nth === nth));
    last = rig.askedFor('acceptSignal', workflowId).at(-1)?.at.temporalRunId;
  }
  await handle.terminate();
  const starts = rig.askedFor('adoptStart', workflowId);
  expect(new Set(starts.map(({ at }) => at.temporalRunId)).size).toBeGreaterThan(1);
  for (const { at, args } of starts) expect(args[0]).toMatchObject({ temporalRunId: at.temporalRunId });
  expect(new Set(signalled().map(({ messageId }) => messageId)).size).toBe(2);
});

test('a start that is refused ends as not entered, with the reason', async () => {
  const options = { workflowId: 'greeting/bob', taskQueue, args: [{ refuse: true }] };
  expect(await plain.workflow.execute('greeting', options)).toEqual({
    outcome: 'not_entered',
    reason: 'entry: once ever',
  });
});

test('events signalled with the start are accepted in their order, before anything is heard', async () => {
  const workflowId = 'greeting/cyd';
  const handle = await plain.workflow.signalWithStart('greeting', {
    ...{ workflowId, taskQueue, args: [] },
    signal: 'event',
    signalArgs: [{ event: 'nodded', properties: { nth: 1 } }],
  });
  await handle.signal('event', { event: 'nodded', properties: { nth: 2 } });
  expect(await handle.result()).toEqual({ outcome: 'exited', reason: 'nod 1' });
  // A task that is repeated asks again, with the same message id.
  const signals = rig.askedFor('acceptSignal', workflowId).map(({ args }) => args[0] as ForeignSignal);
  const firstOfEach = new Map(signals.toReversed().map(({ messageId, properties }) => [messageId, properties.nth]));
  expect([...firstOfEach.values()].toReversed()).toEqual([1, 2]);
  for (const { messageId, made } of signals)
    expect([messageId, made]).toEqual([expect.stringMatching(/^sojourn:signal\//), true]);
});

test('an event signalled with a start that is refused is its person’s all the same', async () => {
  const workflowId = 'greeting/dan';
  const person = { personId: '12' };
  const handle = await plain.workflow.signalWithStart('greeting', {
    ...{ workflowId, taskQueue, args: [{ refuse: true, person }] },
    signal: 'event',
    signalArgs: [{ event: 'nodded', messageId: 'of-dan' }],
  });
  expect(await handle.result()).toEqual({ outcome: 'not_entered', reason: 'entry: once ever' });
  const [signal] = rig.askedFor('acceptSignal', workflowId);
  expect(signal?.args[0]).toEqual({ person, event: 'nodded', properties: {}, messageId: 'of-dan' });
});

test('a refused start that names nobody ends, whatever was signalled with it', async () => {
  const handle = await plain.workflow.signalWithStart('greeting', {
    ...{ workflowId: 'greeting/eve', taskQueue, args: [{ refuse: true }] },
    signal: 'event',
    signalArgs: [{ event: 'nodded' }],
  });
  expect(await handle.result()).toMatchObject({ outcome: 'not_entered' });
  expect(rig.askedFor('acceptSignal', 'greeting/eve')).toEqual([]);
});

test('an event of a name that is far too long is for the store to refuse, and stops nothing', async () => {
  const start = startOf('greeting', header);
  const { workflowId } = requestOf(start);
  await rig.starter.start(requestOf(start));
  const handle = plain.workflow.getHandle(workflowId);
  await handle.signal('event', { event: 'long'.repeat(5_000), properties: { unplanned: true } });
  await handle.signal('event', { event: 'nodded', properties: { nth: 4 }, messageId: 'm4' });
  expect(await handle.result()).toEqual({ outcome: 'exited', reason: 'nod 4' });
});

test('a run that Sojourn started hears a plain signal, once a message id', async () => {
  const start = startOf('greeting', header);
  const { workflowId } = requestOf(start);
  await rig.starter.start(requestOf(start));
  const handle = plain.workflow.getHandle(workflowId);
  const bad: unknown[] = [undefined, 'nodded', { properties: {} }, { event: 'nodded', properties: 7 }];
  for (const argument of bad) await handle.signal('event', argument);
  await handle.signal('event', { event: 'nodded', properties: { nth: 0, unplanned: true } });
  await handle.signal('event', { event: 'nodded', properties: { nth: 3 }, messageId: 'm3' });
  await handle.signal('event', { event: 'nodded', properties: { nth: 3 }, messageId: 'm3' });
  expect(await handle.result()).toEqual({ outcome: 'exited', reason: 'nod 3' });
  expect(accepted.has('m3')).toBe(true);
});
