import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HeaderInput, StartArgs } from '../../src/journey';
import { until } from '../support';
import { type Rig, bundleOf, endRun, insertRun, openRig, requestOf, sourceOf, startOf, toldEvent } from './rig';

const pinned: HeaderInput = { on: 'begun', hears: ['nodded'] };
const follow: HeaderInput = { ...pinned, versions: 'follow' };
const body = (message: string, more = '') => `
  await j.waitFor('nodded', { within: '1 hour' });
  ${more}
  await j.send('${message}', {});
  return j.exit('${message}');`;
const contentOf = (message: string, more?: string) => ({
  pinned: sourceOf('pinned', pinned, body(message, more)),
  // Followers keep their steps from version to version, and change what is between them.
  followed: sourceOf('followed', follow, body('same').replace(`j.exit('same')`, `j.exit('${message}')`)),
});

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig?.close());

async function begin(journey: string, header: HeaderInput): Promise<StartArgs> {
  const start = startOf(journey, header);
  await insertRun(rig.db, start);
  await rig.starter.start(requestOf(start));
  await until(() => rig.askedFor('report', requestOf(start).workflowId).length > 0);
  return start;
}

async function endOf(start: StartArgs): Promise<unknown> {
  const { workflowId } = requestOf(start);
  await rig.starter.tell({ workflowId, signal: { run: start.run.id, items: [toldEvent(9, 'nodded')] } });
  const result: unknown = await rig.client.workflow.getHandle(workflowId).result();
  await endRun(rig.db, start);
  return result;
}

test('runs end as the code says that they started with; followers as the newest says', async () => {
  const [a, b] = await Promise.all([
    bundleOf(contentOf('a')),
    bundleOf(contentOf('b', `await j.check('one-more'); await j.sleep('1 second');`)),
  ]);
  const first = await rig.serve(a);
  const old = await Promise.all(Array.from({ length: 10 }, () => begin('pinned', pinned)));
  const follower = await begin('followed', follow);
  await first.stop(); // the process ends, and comes back with new code

  const second = await rig.serve(b);
  expect(second.versions()).toContain(b.version);
  const fresh = await Promise.all([begin('pinned', pinned), begin('pinned', pinned)]);
  await until(() => second.versions().includes(a.version));

  for (const ended of await Promise.all(old.map(endOf))) expect(ended).toMatchObject({ reason: 'a' });
  for (const ended of await Promise.all(fresh.map(endOf))) expect(ended).toMatchObject({ reason: 'b' });
  expect(await endOf(follower)).toMatchObject({ reason: 'b' });
  const versions = new Set(rig.asked.map(({ at }) => at.version));
  expect(versions).toEqual(new Set([a.version, b.version]));

  await until(() => !second.versions().includes(a.version), { what: 'retirement' });
  await second.stop();
});

test('a run that never reported its version goes on, too', async () => {
  const [c, d] = await Promise.all([bundleOf(contentOf('c')), bundleOf(contentOf('d'))]);
  const first = await rig.serve(c);
  const start = await begin('pinned', pinned);
  await rig.db.updateTable('runs').set({ version: null }).where('id', '=', start.run.id).execute();
  await first.stop();
  const second = await rig.serve(d);
  expect(await endOf(start)).toMatchObject({ reason: 'c' });
  await second.stop();
});
