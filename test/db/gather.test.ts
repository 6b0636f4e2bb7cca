/** Group commit: who comes while a write is under way shares the next one. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { gathered } from '../../src/db';

/** Writes that take a moment, and which of them held what. */
function slowly(atMost: number, fails: (items: number[]) => boolean = () => false) {
  const writes: number[][] = [];
  const add = gathered(async (items: number[]) => {
    writes.push(items);
    await sleep(5);
    if (fails(items)) throw new Error(`could not write ${items.join()}`);
    return items.map((item) => item * 10);
  }, atMost);
  return { add, writes };
}

test('those who come while a write is under way share the next, and each hears its own answer', async () => {
  const { add, writes } = slowly(100);
  const first = add(1);
  while (writes.length === 0) await sleep(1);
  const others = [2, 3, 4].map(add);
  expect(await Promise.all([first, ...others])).toEqual([10, 20, 30, 40]);
  expect(writes).toEqual([[1], [2, 3, 4]]);
});

test('no write holds more than it may, and nothing is lost', async () => {
  const { add, writes } = slowly(3);
  expect(await Promise.all([1, 2, 3, 4, 5, 6, 7].map(add))).toEqual([10, 20, 30, 40, 50, 60, 70]);
  expect(writes.map((items) => items.length)).toEqual([3, 3, 1]);
});

test('a write that fails fails for those in it, and the next goes on', async () => {
  const { add } = slowly(2, (items) => items.includes(1));
  const [one, two, three] = await Promise.allSettled([1, 2, 3].map(add));
  expect([one, two].map((each) => each?.status)).toEqual(['rejected', 'rejected']);
  expect(three).toEqual({ status: 'fulfilled', value: 30 });
  expect(await add(4)).toBe(40);
});
