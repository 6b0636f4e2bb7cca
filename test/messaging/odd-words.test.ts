/** Words that are cut in the middle of an emoji, or that PostgreSQL can't hold, neither spoil a mail nor its receipt. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EmailProvider } from '../../src/messaging';
import { scratchFolder } from '../support';
import { ask, openBench, type Bench } from './setup';

const folder = await scratchFolder();
let bench: Bench;
beforeAll(async () => {
  bench = await openBench(folder);
});
afterAll(() => bench?.close());

describe('a send', () => {
  test('names its recipient in whole characters, however long the name', async () => {
    const carried = await bench.live({ email: 'ada@example.com', name: `${'x'.repeat(99)}🛒` });
    expect(await bench.sender().send(carried, ask(carried))).toMatchObject({ status: 'sent' });
    expect(bench.peer.mails[0]?.headers.get('to')).toBe(`${'x'.repeat(99)} <ada@example.com>`);
  });

  test('has a receipt, whatever its provider answers', async () => {
    const answers = ['250 taken 🛒'.slice(0, -1), '250 taken \0'];
    for (const response of answers) {
      const email: EmailProvider = { name: 'odd', send: () => Promise.resolve({ kind: 'accepted', response }) };
      const carried = await bench.live();
      const request = ask(carried);
      expect(await bench.sender({ email }).send(carried, request)).toMatchObject({ status: 'sent' });
      expect((await bench.row(request)).receipt).toEqual({ response: '250 taken \ufffd' });
    }
  });
});
