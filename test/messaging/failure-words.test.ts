/** What a run keeps of a send that fails, for as long as Temporal keeps its history, names nobody. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RetryLater } from '../../src/errors';
import type { Carried, SendRequest } from '../../src/journey';
import { scratchFolder } from '../support';
import { ask, openBench, type Bench } from './setup';

const folder = await scratchFolder();
let bench: Bench;
beforeAll(async () => {
  bench = await openBench(folder);
});
afterAll(() => bench?.close());

test('a send tells its run what happened and not to whom; the server’s own words stay in the ledger', async () => {
  const words = 'anna@example.com';
  const told: unknown[] = [];
  const asked = async (carried: Carried, request: SendRequest) => {
    const answer = await bench
      .sender()
      .send(carried, request)
      .catch((error: unknown) => (error instanceof RetryLater ? error.message : error));
    told.push(answer, (await bench.row(request)).reason);
    return (await bench.attempts((await bench.row(request)).id)).at(-1)?.error;
  };
  const refused = await bench.live({ email: words });
  bench.peer.refuse(550, `5.1.1 <${words}>: no such user`);
  expect(await asked(refused, ask(refused))).toContain(words);
  // Asked again, it is the ledger that answers.
  await asked(refused, ask(refused));
  const later = await bench.live({ email: `b.${words}` });
  bench.peer.refuse(451, `4.2.1 <b.${words}> is busy`);
  expect(await asked(later, ask(later))).toContain(words);
  expect(JSON.stringify(told)).not.toContain('@');
  expect(told).toContainEqual(expect.objectContaining({ status: 'failed', reason: 'refused 550 5.1.1' }));
  expect(told.at(-1)).toBe('put off 451 4.2.1');

  bench.peer.refuse(undefined);
  const data = () => Promise.reject(new Error(`no cart of ${words}`));
  const loaded = bench.messages.get('loaded')!;
  const broken = new Map([['loaded', { ...loaded, definition: { ...loaded.definition, data } }]]);
  const one = await bench.live();
  await expect(bench.sender({ messages: broken }).send(one, ask(one, 'loaded'))).rejects.toThrow('no cart of …@…');
});

test('a loader that forgot to await says which value, and no mail goes out with a promise in it', async () => {
  const loaded = bench.messages.get('loaded')!;
  const data = () => Promise.resolve({ items: [{ price: 1 }, { price: Promise.resolve(0) }] });
  const broken = new Map([['loaded', { ...loaded, definition: { ...loaded.definition, data } }]]);
  const one = await bench.live();
  const mails = bench.peer.mails.length;
  await expect(bench.sender({ messages: broken }).send(one, ask(one, 'loaded'))).rejects.toThrow(
    "loaded: its data could not be loaded: 'items[1].price' is a promise: await it in the loader",
  );
  expect(bench.peer.mails).toHaveLength(mails);
});
