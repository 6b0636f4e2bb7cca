/** Durations, numbers, comparisons and days as the pages word them; and where signing in may lead. */
import { describe, expect, test } from 'vitest';
import type { OverviewAnswer } from '../../src/http/answers';
import { returnPath, signInPath } from '../../src/pages/frame/return-path';
import { matters } from '../../src/pages/overview/attention';
import { isQuiet } from '../../src/pages/overview/quiet';
import { personInPath } from '../../src/pages/people/person-path';
import { byDay } from '../../src/pages/words/days';
import { exact, onBothClocks, relative, span, spelledOut } from '../../src/pages/words/durations';
import { lift, liftInWords } from '../../src/pages/words/lift';
import { listed } from '../../src/pages/words/message-words';
import { count, percent, plural, rate } from '../../src/pages/words/numbers';
import { facts, value } from '../../src/pages/words/values';

const second = 1_000;
const hour = 3_600_000;

describe('durations', () => {
  test.each([
    [0, '0 seconds'],
    [45 * second, '45 seconds'],
    [90 * second, '1 minute 30 seconds'],
    [2 * hour, '2 hours'],
    [25 * hour, '1 day 1 hour'],
    [24 * hour + 60 * second, '1 day'],
  ])('%i ms is %s', (ms, words) => expect(span(ms)).toBe(words));

  test('of a run are spelled out where they stand in its words', () => {
    expect(spelledOut('1d 30m of login, page2m')).toBe('1 day 30 minutes of login, page2m');
  });

  test('are of both clocks where these differ', () => {
    const [stack, wall] = [Date.UTC(2026, 0, 5, 9), Date.UTC(2026, 0, 1, 9)];
    expect(onBothClocks(stack, stack + 3)).toBe(exact(stack));
    expect(onBothClocks(stack, wall)).toBe(`${exact(stack)} by the stack's clock, ${exact(wall)} by the wall's`);
  });

  test.each([
    [0, 'now'],
    [-90 * second, '1 min ago'],
    [3 * hour, 'in 3 h'],
    [-49 * hour, '2 d ago'],
  ])('%i ms away is %s', (distance, words) => expect(relative(1e12 + distance, 1e12)).toBe(words));
});

test('numbers are short and exact where it matters', () => {
  expect([count(0), count(1_234), count(123_456)]).toEqual(['0', '1,234', '123.5k']);
  expect([percent(0), percent(0.034), percent(0.5), percent(1)]).toEqual(['0%', '3.4%', '50%', '100%']);
  expect([rate(0), rate(0.001), rate(0.4), rate(7.25), rate(40)]).toEqual(['0', '<0.01', '0.4', '7.3', '40']);
  expect([plural(1, 'run'), plural(2, 'delivery', 'deliveries')]).toEqual(['1 run', '2 deliveries']);
  expect([listed(['a']), listed(['a', 'b', 'c'])]).toEqual(['a', 'a, b and c']);
});

test('values are named by what they are', () => {
  expect(value([{ item_name: 'Desk', price: 80 }, { item_id: 'lamp' }])).toBe('Desk, lamp');
  expect(facts({ a: 1, b: null, c: 'x', d: true, e: 5 })).toBe('a 1, b none, c x, d true and 1 more');
  expect(value('x'.repeat(100))).toHaveLength(60);
});

describe('a comparison', () => {
  test('says nothing about few', () => {
    expect(lift({ runs: 99, goals: 90 }, { runs: 5_000, goals: 50 })).toEqual({ kind: 'too-few', need: 100 });
    expect(lift({ runs: 5_000, goals: 5 }, { runs: 5_000, goals: 4 }).kind).toBe('too-few');
  });
  test('says what chance makes', () => {
    const found = lift({ runs: 1_000, goals: 105 }, { runs: 1_000, goals: 100 });
    expect(liftInWords(found)).toBe('+0.5 points: no more than chance makes.');
  });
  test('says what is better, and what is worse', () => {
    expect(liftInWords(lift({ runs: 1_000, goals: 160 }, { runs: 1_000, goals: 100 }))).toMatch(
      /^\+6.0 points: better/,
    );
    expect(liftInWords(lift({ runs: 1_000, goals: 100 }, { runs: 1_000, goals: 160 }))).toMatch(/^−6.0 points: worse/);
  });
});

test('a list falls into days', () => {
  const days = byDay(
    [{ at: '2026-01-05T12:00:00Z' }, { at: '2026-01-05T11:00:00Z' }, { at: '2026-01-03T12:00:00Z' }],
    0,
  );
  expect(days.map(({ entries }) => entries.length)).toEqual([2, 1]);
});

describe('after signing in one goes', () => {
  test.each(['/', '/people/u1', '/messages?state=failed', '/people/a%2Fb'])('to %s', (to) => {
    expect(returnPath(to)).toBe(to);
    expect(signInPath(to)).toBe(to === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(to)}`);
  });
  test.each([
    null,
    '',
    'https://elsewhere.example',
    '//elsewhere.example',
    '/\\elsewhere.example',
    '/\t/elsewhere.example',
    'javascript:alert(1)',
    'people',
    '/sign-in?to=/sign-in',
    '/.//elsewhere.example',
    '/a/..//elsewhere.example',
  ])('to the overview, not to %j', (to) => {
    const path = returnPath(to);
    expect(new URL(path, 'https://here.example').origin).toBe('https://here.example');
    expect(path).toBe('/');
  });
});

test('a person is read from the path as it was encoded', () => {
  expect(personInPath('/people/u1')).toBe('u1');
  expect(personInPath(`/people/${encodeURIComponent('a/b?c%20d')}`)).toBe('a/b?c%20d');
  expect(personInPath('/people/%E0%A4%A')).toBe('%E0%A4%A');
});

describe('the overview', () => {
  const quiet: OverviewAnswer = {
    at: '2026-01-05T12:00:00.000Z',
    minutes: 60,
    bucketSeconds: 60,
    events: { perSecond: 3, total: 0, series: Array.from({ length: 60 }, () => ({ at: '', count: 2 })) },
    runs: { live: 0, started: 0, ended: 0, series: [], byJourney: [] },
    messages: { series: [], counts: {} },
    attention: {
      ...{ uncertain: 0, held: 0, failed: 0, setAside: 0, unplanned: [], failedRuns: [] },
      waiting: { pending: 0, deliveries: 0, oldestSeconds: 0 },
    },
    parts: { postgres: { ready: true } },
  };

  test('knows a stack in which nothing goes on', () => {
    expect(isQuiet(quiet)).toBe(true);
    expect(isQuiet({ ...quiet, runs: { ...quiet.runs, live: 1 } })).toBe(false);
  });

  test('names what needs attention, worst first, and nothing else', () => {
    expect(matters(quiet)).toEqual([]);
    const waiting = { pending: 5, deliveries: 1, oldestSeconds: 600 };
    const found = matters({
      ...quiet,
      attention: {
        ...quiet.attention,
        uncertain: 2,
        waiting,
        failedRuns: [{ journey: 'oops', runs: 2, reason: 'no' }],
      },
      parts: { temporal: { ready: false, detail: 'no answer within 2 s' } },
    });
    expect(found.map(({ title }) => title)).toEqual([
      'temporal is away',
      '6 things waiting for 10 minutes',
      '2 runs of oops failed',
      '2 messages uncertain',
    ]);
    const soon = { ...waiting, oldestSeconds: 29 };
    expect(matters({ ...quiet, attention: { ...quiet.attention, waiting: soon } })).toEqual([]);
  });
});
