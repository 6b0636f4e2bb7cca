/** Which variants are compared, by which of their runs, and how sure the words are. */
import { describe, expect, test } from 'vitest';
import type { VariantCount } from '../../src/http/answers';
import { comparisonInWords, comparisonOf, lift } from '../../src/pages/words/lift';

function variant(name: string, runs: number, goals: number, stillOpen = 0): VariantCount {
  const counts = { runs: runs + stillOpen, goals, rate: goals / (runs + stillOpen), stillOpen };
  return { experiment: 'x', variant: name, ...counts, settled: { runs, goals } };
}

const orders = <T>(rows: T[]): T[][] => [rows, [...rows].reverse()];

describe('compared is', () => {
  test.each(orders([variant('held out', 1_000, 160), variant('messaged', 1_000, 100)]))(
    'messaged against held out, also where the messages do harm',
    (...rows) => {
      const found = comparisonOf(rows);
      expect(found).toMatchObject({ of: 'messaged', against: 'held out', lift: { kind: 'difference', better: false } });
    },
  );
  test.each(orders([variant('control', 1_000, 160), variant('bold', 1_000, 100)]))(
    'bold against control',
    (...rows) => {
      expect(comparisonOf(rows)).toMatchObject({ of: 'bold', against: 'control', lift: { better: false } });
    },
  );
  test.each(orders([variant('none', 1_000, 100), variant('ten', 1_000, 160)]))(
    'the best against the next',
    (...rows) => {
      expect(comparisonOf(rows)).toMatchObject({ of: 'ten', against: 'none', lift: { better: true } });
    },
  );
  test.each(orders([variant('a', 500, 50), variant('b', 500, 50)]))('the first by name of two alike', (...rows) => {
    expect(comparisonOf(rows)).toMatchObject({ of: 'a', against: 'b', lift: { kind: 'no-difference' } });
  });
  test('nothing where there is one variant', () => expect(comparisonOf([variant('a', 500, 50)])).toBeUndefined());
});

test('of many variants a difference must be larger, since the best is picked', () => {
  const two = [variant('a', 1_000, 130), variant('b', 1_000, 100)];
  expect(comparisonOf(two)?.lift.kind).toBe('difference');
  expect(comparisonOf([...two, variant('c', 1_000, 90)])?.lift.kind).toBe('no-difference');
});

test.each([
  // Of 10,000 and 1,000 goals each, so many goals more are just too few, and just enough, for 0.05 and for 0.05 / 3.
  [1, 84, 85],
  [3, 103, 104],
])('%i pairs: the least difference that counts', (pairs, few, enough) => {
  const kind = (more: number) =>
    lift({ runs: 10_000, goals: 1_000 + more }, { runs: 10_000, goals: 1_000 }, pairs).kind;
  expect([kind(few), kind(enough)]).toEqual(['no-difference', 'difference']);
});

test('runs that are still in their time are not compared, and it is said', () => {
  const rows = [variant('a', 1_000, 160, 40), variant('b', 1_000, 100, 1)];
  expect(comparisonInWords(comparisonOf(rows)!, '7 d')).toBe(
    '+6.0 points: better, and more than chance makes (95%). Compared are runs whose time is over; 41 runs are still in their time of 7 d.',
  );
  const early = [variant('a', 10, 9, 4_000), variant('b', 10, 1, 4_000)];
  expect(comparisonInWords(comparisonOf(early)!, '7 d')).toBe(
    'Too early to say: 8,000 runs are still in their time of 7 d. A comparison needs 100 in each group whose time is over, and 10 goals.',
  );
});
