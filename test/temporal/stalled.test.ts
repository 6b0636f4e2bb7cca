/**
 * A worker that stands still in a local activity has its workflow task go on as another one. Gone through again, both are
 * one, and the time before the activity is a later one than it was: nothing that a run does may follow from it.
 */
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HeaderInput, Waiting } from '../../src/journey';
import type { Bundle } from '../../src/runtime/worker';
import { type Rig, bundleOf, openRig, requestOf, sourcesOf, startOf } from './rig';

const header: HeaderInput = { on: 'begun', hears: ['nodded'] };
const journeys = {
  sleeping: `await j.sleep('6 seconds');`,
  listening: `await j.waitFor('nodded', { within: '6 seconds' });`,
  idling: `await j.idle('2 seconds');`,
  'sleeping-until': `await j.sleepUntil({ date: new Date(j.event.at + 2_000).toISOString() });`,
};
let rig: Rig;
let bundle: Bundle;

beforeAll(async () => {
  rig = await openRig();
  bundle = await bundleOf(sourcesOf(header, journeys));
  await rig.serve(bundle, {
    // Both of its attempts as a local activity come to nothing, the ordinary one goes well.
    report: async ({ workflowId }, _, { waiting }: { waiting?: Waiting }) => {
      if (rig.askedFor('report', workflowId).length <= 2) await sleep(4_000);
      return { value: { until: waiting?.until } };
    },
  });
});
afterAll(() => rig?.close());

test.each(Object.keys(journeys))('a run that was %s then is gone through again as it went', async (journey) => {
  const start = startOf(journey, header);
  const { workflowId } = requestOf(start);
  // Its task goes on as another after eight tenths of this: before the attempts are over.
  const options = { taskQueue: 'sojourn', workflowId, args: [start], workflowTaskTimeout: '3 seconds' };
  const handle = await rig.client.workflow.start(journey, { ...options, memo: { sojournRun: start.run.id } });
  expect(await handle.result()).toEqual({ outcome: 'completed' });
  const history = await handle.fetchHistory();
  const kinds = (history.events ?? []).map((event) =>
    event.workflowTaskCompletedEventAttributes
      ? 'completed'
      : event.workflowTaskScheduledEventAttributes
        ? 'scheduled'
        : '',
  );
  expect(kinds.some((kind, index) => kind === 'completed' && kinds[index + 1] === 'scheduled')).toBe(true);
  await Worker.runReplayHistory({ workflowBundle: { code: bundle.code } }, history, workflowId);
});
