/** Windows of time and their buckets. */
import { expect, test } from 'vitest';
import { bucketsOf, windowOf } from '../../src/insight/buckets';

const at = (time: string) => Date.parse(`2026-03-01T${time}Z`);

test('an hour is sixty minutes, the last one begun', () => {
  const window = windowOf(at('12:00:30'), 60);
  const buckets = bucketsOf(window);
  expect([window.bucketSeconds, buckets.length]).toEqual([60, 60]);
  expect([buckets[0], buckets.at(-1)]).toEqual([at('11:01:00'), at('12:00:00')]);
});

test('the buckets stay where they are as time goes on', () => {
  const before = bucketsOf(windowOf(at('12:00:10'), 60));
  expect(bucketsOf(windowOf(at('12:00:59'), 60))).toEqual(before);
  expect(bucketsOf(windowOf(at('12:01:01'), 60)).slice(0, -1)).toEqual(before.slice(1));
});

test.each([1, 2, 5, 7, 10, 15, 60, 90, 240, 1_000, 1_440])('%i minutes are 12 to 96 buckets', (minutes) => {
  const { length } = bucketsOf(windowOf(at('12:00:00'), minutes));
  expect(length).toBeGreaterThanOrEqual(12);
  expect(length).toBeLessThanOrEqual(96);
});
