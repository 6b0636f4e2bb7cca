/** What a loader forgot to await is found wherever it is, and by its path. */
import { expect, test } from 'vitest';
import { promiseIn } from '../../src/messaging/promised';

const promise = Promise.resolve(0);
const cycle: Record<string, unknown> = { name: 'a' };
cycle['self'] = { back: [cycle] };
const query = { sql: 'select 1', then: (resolve: (rows: unknown[]) => void) => resolve([]) };

test.each([
  [{ now: promise }, 'now'],
  [{ items: [{ price: 1 }, { price: 2 }, { price: promise }] }, 'items[2].price'],
  [{ prices: { 'sku-1': { net: promise } } }, 'prices["sku-1"].net'],
  [{ 'of-today': promise }, '["of-today"]'],
  [{ items: [[1, promise]] }, 'items[0][1]'],
  [[1, { late: promise }], '[1].late'],
  [{ deep: { deeper: promise }, shallow: promise }, 'shallow'],
  [{ rows: query }, 'rows'],
  [{ cycle, late: { late: promise } }, 'late.late'],
  [{ cycle }, undefined],
  [{ at: new Date(), text: 'then', none: null, bytes: Buffer.alloc(10), then: 'later' }, undefined],
])('in %o it is %s', (data, path) => expect(promiseIn(data)).toBe(path));

test('how much is looked at is bounded, however large and deep it is', () => {
  let read = 0;
  const counting = {
    get: (target: unknown[], name: string) => (/^\d+$/.test(name) && read++, Reflect.get(target, name)),
  };
  const large = new Proxy(
    Array.from({ length: 1_000_000 }, (_, index) => index),
    counting,
  );
  expect(promiseIn({ large, near: { promise } })).toBeUndefined();
  expect(read).toBeLessThan(200_000);
  expect(promiseIn({ near: { promise }, large })).toBe('near.promise');

  let deep: unknown = promise;
  for (let level = 0; level < 50_000; level++) deep = [deep];
  expect(promiseIn({ deep })).toMatch(/^deep(\[0\])+$/);
});
