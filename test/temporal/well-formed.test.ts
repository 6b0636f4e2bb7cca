/** Half of a surrogate pair, left of a text that was cut in the middle of an emoji, harms nobody but itself. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HeaderInput } from '../../src/journey';
import { type Rig, bundleOf, openRig, requestOf, sourceOf, startOf } from './rig';

const header: HeaderInput = { on: 'begun' };
const words = `'too many 🛒'.slice(0, -1)`;
let rig: Rig;
let failingChecks = 2;

beforeAll(async () => {
  rig = await openRig();
  const bundle = await bundleOf({
    'throws-half': sourceOf('throws-half', header, `throw new Error(${words}, { cause: new TypeError(${words}) });`),
    'exits-half': sourceOf('exits-half', header, `await j.exit(${words});`),
    asks: sourceOf('asks', header, `await j.check('is-open');`),
    plain: `export default async () => { throw new Error(${words}); };`,
    fine: sourceOf('fine', header, `await j.sleep('1 second');`),
  });
  await rig.serve(bundle, {
    check: async () => {
      if (failingChecks-- > 0) throw new Error('the shop 🏬'.slice(0, -1));
      return { value: true };
    },
  });
});
afterAll(() => rig?.close());

async function begin(journey: string) {
  const request = requestOf(startOf(journey, header));
  await rig.starter.start(request);
  return rig.client.workflow.getHandle(request.workflowId);
}

test.each(['throws-half', 'plain'])('an error of %s that holds one fails its run, by its words', async (journey) => {
  const failed = (await begin(journey)).result();
  await expect(failed).rejects.toMatchObject({ cause: { message: 'too many \ufffd' } });
});

test('a reason of an exit that holds one ends its run', async () => {
  expect(await (await begin('exits-half')).result()).toMatchObject({ outcome: 'exited' });
});

test('a check that fails with one is tried again', async () => {
  expect(await (await begin('asks')).result()).toEqual({ outcome: 'completed' });
  expect(failingChecks).toBeLessThan(0);
});

test('and the worker goes on with everybody else’s runs', async () => {
  expect(await (await begin('fine')).result()).toEqual({ outcome: 'completed' });
});
