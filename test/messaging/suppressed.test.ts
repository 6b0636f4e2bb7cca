/** Addresses that nothing is sent to: the guard judges the one that it is about to send to. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { suppress, type SenderOptions } from '../../src/messaging';
import { scratchFolder } from '../support';
import { ask, knowsNoEvents, openBench, signer, type Bench } from './setup';

const folder = await scratchFolder();
let bench: Bench;
beforeAll(async () => {
  bench = await openBench(folder);
});
afterAll(() => bench?.close());

const suppressed = 'suppressed@example.com';
const free = 'free@example.com';

test.each([
  { before: free, now: suppressed, outcome: { status: 'skipped', reason: 'suppressed' } },
  { before: suppressed, now: free, outcome: { status: 'sent' } },
])('who had $before and has $now by the time of the guard', async ({ before, now, outcome }) => {
  await suppress(bench.db, signer, { address: suppressed, reason: 'operator', at: new Date() });
  const carried = await bench.live({ email: before });
  // The loader of the message's data is the last thing before the guard.
  const moves: SenderOptions['ask'] = async (about) => {
    const traits = JSON.stringify({ email: now });
    await bench.db.updateTable('people').set({ traits }).where('id', '=', carried.run.personId).execute();
    return knowsNoEvents(bench.clock, about);
  };
  expect(await bench.sender({ ask: moves }).send(carried, ask(carried, 'loaded'))).toMatchObject(outcome);
  expect(bench.peer.mails.map(({ to }) => to)).toEqual(outcome.status === 'sent' ? [[free]] : []);
});
