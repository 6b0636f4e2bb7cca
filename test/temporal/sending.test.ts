import { afterAll, beforeAll, expect, test } from 'vitest';
import { RetryLater, SojournError } from '../../src/errors';
import type { HeaderInput } from '../../src/journey';
import { until } from '../support';
import { type Rig, bundleOf, openRig, requestOf, sourceOf, startOf } from './rig';

class NoSuchTemplate extends SojournError {
  readonly code = 'no_such_template';
  readonly permanent = true;
}

const header: HeaderInput = { on: 'begun', exitOn: ['logout'] };
let rig: Rig;
/** What an attempt does, by the person that it is for. */
const attempts = new Map<string, (attempt: number) => Promise<void>>();

beforeAll(async () => {
  rig = await openRig();
  const bundle = await bundleOf({
    sending: sourceOf('sending', header, `await j.send('first', {}); await j.send('second', {});`),
  });
  await rig.serve(bundle, {
    send: async (at, { run }, { stepKey }) => {
      await attempts.get(run.key)?.(at.attempt);
      return { value: { status: 'sent', id: stepKey } };
    },
  });
});
afterAll(() => rig?.close());

async function begin(attempt: (attempt: number) => Promise<void>) {
  const start = startOf('sending', header);
  attempts.set(start.run.key, attempt);
  const { workflowId } = requestOf(start);
  await rig.starter.start(requestOf(start));
  await until(() => rig.askedFor('send', workflowId).length > 0);
  const end = () =>
    rig.starter.tell({
      workflowId,
      signal: { run: start.run.id, items: [{ n: 4, kind: 'end', ending: { outcome: 'exited', at: Date.now() } }] },
    });
  return { workflowId, end, handle: rig.client.workflow.getHandle(workflowId) };
}

test('a send that waits for its next retry is called off by the end of the run', async () => {
  const run = await begin(() => Promise.reject(new RetryLater('the provider is away', 60_000)));
  const pending = await until(async () => (await run.handle.describe()).raw.pendingActivities?.[0]);
  expect(pending.lastFailure?.message ?? 'the provider is away').toContain('the provider is away');
  await run.end();
  expect(await run.handle.result()).toEqual({ outcome: 'exited' });
  expect(rig.askedFor('send', run.workflowId)).toHaveLength(1);
});

test('an attempt in flight is finished, its result is kept, and the next send does not happen', async () => {
  let finish: () => void = () => undefined;
  const inFlight = new Promise<void>((resolve) => (finish = resolve));
  const run = await begin(() => inFlight);
  await run.end();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await run.handle.describe()).status.name).toBe('RUNNING');
  finish();
  expect(await run.handle.result()).toEqual({ outcome: 'exited' });
  const sends = rig.askedFor('send', run.workflowId);
  expect(sends.map(({ args }) => (args[1] as { message: string }).message)).toEqual(['first']);
  const [last] = rig.askedFor('finish', run.workflowId);
  expect(last?.args[0]).toMatchObject({ steps: [{ step: 'send first', result: 'sent' }] });
});

test('an attempt that failed for now is retried when its error says', async () => {
  const at: number[] = [];
  const run = await begin((attempt) => {
    at.push(Date.now());
    return attempt === 1 ? Promise.reject(new RetryLater('busy', 2_000)) : Promise.resolve();
  });
  expect(await run.handle.result()).toEqual({ outcome: 'completed' });
  const [first = 0, second = 0] = at;
  expect(second - first).toBeGreaterThanOrEqual(1_900);
});

test('a permanent error is not retried, and fails the run by name', async () => {
  const run = await begin(() => Promise.reject(new NoSuchTemplate('there is no template for first')));
  await expect(run.handle.result()).rejects.toMatchObject({
    cause: { type: 'JourneyFailed', message: expect.stringContaining('no template for first') as string },
  });
  expect(rig.askedFor('send', run.workflowId)).toHaveLength(1);
});
