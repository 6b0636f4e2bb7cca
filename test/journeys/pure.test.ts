import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bucket,
  formatDuration,
  keyValue,
  loadHeader,
  matches,
  parseDuration,
  personKey,
  pickVariant,
  timeOf,
  workflowKey,
  wrongWeights,
  type Duration,
  type HeaderInput,
} from '../../src/journey';
import { absent, all, cart, not, times } from '../../src/behaviour';
import { nearestName } from '../../src/config';
import { parseAt } from '../../src/prove';

describe('durations', () => {
  test.each([
    ['1 second', 1_000],
    ['30 minutes', 1_800_000],
    ['1.5 hours', 5_400_000],
    ['7 days', 604_800_000],
    ['1 week', 604_800_000],
  ] as const)('%s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  test.each(['-3 days', '0 seconds', '1 hr', 'soon', '3', '5  minutes', '1e3 days', '99999 weeks', ''])(
    "'%s' is none, and the error says where and how to write it",
    (text) => {
      // Types refuse these too; this is for what was not typed.
      expect(() => parseDuration(text as Duration, 'workflows/x.ts, entry')).toThrow(
        /workflows\/x\.ts, entry: .*30 minutes/,
      );
    },
  );

  test.each([
    [0, '0m'],
    [90_000, '1m 30s'],
    [88_200_000, '1d 30m'],
    [1_800_400, '30m'],
    [1_799_600, '30m'],
    [-600_000, '-10m'],
  ])('%d ms is shown as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  test('what is shown can be read again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e7 }), (seconds) => {
        expect(parseAt(formatDuration(seconds * 1_000))).toBe(seconds * 1_000);
      }),
    );
  });
});

describe('ids', () => {
  test.each([
    ['alice', 'alice'],
    ['user_42', 'user_42'],
    ['12345', '12345'],
    ['alice@example.com', 'p7'],
    ['+491701234567', 'p7'],
    ['0170 1234567', 'p7'],
    ['a/b', 'p7'],
    ['a b', 'p7'],
    ['p12', 'p7'],
    ['x'.repeat(129), 'p7'],
    ['', 'p7'],
    [undefined, 'p7'],
  ])('the user id %s becomes %s', (userId, key) => expect(personKey({ id: '7', userId })).toBe(key));

  test('a run is its journey, its person and what else makes it distinct', () => {
    expect(workflowKey('j', 'alice', keyValue('person', { properties: {} })!)).toBe('j/alice');
    expect(workflowKey('j', 'alice', keyValue('cart_id', { properties: { cart_id: 'c1' } })!)).toBe('j/alice/c1');
    expect(keyValue('cart_id', { properties: {} })).toBeUndefined();
    expect(keyValue('cart_id', { properties: { cart_id: 'a@b.example' } })).toMatch(/^h\d{16}$/);
  });
});

describe('variants', () => {
  test('are sticky, and about as frequent as their weights', () => {
    const picks = Array.from({ length: 4_000 }, (_, id) => pickVariant(String(id), 'offer', { none: 75, some: 25 }));
    const some = picks.filter((variant) => variant === 'some').length;
    expect(some).toBeGreaterThan(900);
    expect(some).toBeLessThan(1_100);
    expect(pickVariant('17', 'offer', { some: 25, none: 75 })).toBe(picks[17]);
  });

  test.each([
    [{ none: 75, some: 25 }, undefined],
    [{ none: 0, some: 0.1 }, undefined],
    [{ none: -1, some: 2 }, "the weight of 'none' is -1"],
    [{ none: 1, some: NaN }, "the weight of 'some' is NaN"],
    [{ none: 1, some: Infinity }, "the weight of 'some' is Infinity"],
    [{ none: 1, some: '1' }, "the weight of 'some' is no number"],
    [{ none: 0, some: 0 }, 'none of its variants has a weight above zero'],
    [{}, 'none of its variants has a weight above zero'],
    [{ none: Number.MAX_VALUE, some: Number.MAX_VALUE }, 'its weights add up to Infinity'],
  ])('of the weights %o is said: %s', (weights, what) => expect(wrongWeights(weights)?.what).toBe(what));

  test('one experiment says nothing about another', () => {
    const both = Array.from(
      { length: 4_000 },
      (_, id) => bucket(String(id), 'a') < 5_000 && bucket(String(id), 'b') < 5_000,
    );
    const share = both.filter(Boolean).length / 4_000;
    expect(Math.abs(share - 0.25)).toBeLessThan(0.03);
  });
});

describe('headers', () => {
  const known = { events: ['add_to_cart', 'purchase', 'login'], nearest: nearestName };
  const load = (input: Partial<HeaderInput>) => loadHeader('j', { on: 'add_to_cart', ...input }, known);

  test('defaults are filled in, and durations are milliseconds', () => {
    expect(load({ goal: { event: 'purchase', within: '7 days' }, entry: { once: 'per 24 hours' } })).toEqual({
      on: [{ kind: 'event', event: 'add_to_cart' }],
      key: 'person',
      entry: { kind: 'per', everyMs: 86_400_000 },
      entryMaxAgeMs: 3_600_000,
      onRepeat: 'ignore',
      hears: [],
      exitOn: [],
      goal: { event: 'purchase', withinMs: 604_800_000 },
      holdout: 0,
      mode: 'live',
      priority: 'normal',
      versions: 'pinned',
    });
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['a negative duration', { entryMaxAge: '-3 days' }, /workflows\/j\.ts, entryMaxAge: '-3 days' is not a duration/],
    ['no duration at all', { goal: { event: 'purchase', within: '0 seconds' } }, /goal\.within/],
    ['a holdout of 500', { holdout: 500 }, /holdout: 500 is no percentage/],
    ['an entry rule', { entry: { once: 'daily' } }, /entry: 'daily' is unknown/],
    ['an entry time', { entry: { once: 'per -1 hours' } }, /'-1 hours' is not a duration/],
    ['an unknown event', { exitOn: ['log_in'] }, /exitOn: 'log_in' is not in the tracking plan.*'login'/],
    ['an unknown trigger', { on: 'add_to_basket' }, /on: 'add_to_basket'/],
    ['no trigger', { on: [] }, /nothing starts this journey/],
    [
      'a second absence',
      { on: [absent('login', '7 days'), absent('purchase', '30 days')] },
      /on: it names two absences.*a journey of each/,
    ],
    ['an unknown field', { cooldown: '1 day' }, /the header has no 'cooldown'/],
    ['an unknown mode', { mode: 'off' }, /mode: 'off' is unknown.*'live'/],
    ['a key that is no name', { key: 'cart id' }, /key: 'cart id'/],
    [
      'a rule about an unknown event',
      { when: { kind: 'compare', of: { kind: 'times', event: 'view' }, is: 'moreThan', than: 1 } },
      /when: 'view'/,
    ],
    ['a rule without its comparison', { when: cart.value }, /workflows\/j\.ts: when: .*cart\.value\.moreThan/],
    ['one of several rules without its comparison', { when: not(all(times('login') as never)) }, /when: /],
    ['a rule that compares with nothing', { when: cart.value.moreThan(undefined as never) }, /when: /],
    ['a rule that compares with no number', { when: cart.value.moreThan(Number.NaN) }, /when: /],
    ['a function in place of a rule', { when: () => true }, /when: /],
    ['rules in a list', { when: [cart.value.moreThan(50)] }, /when: /],
    ['one event in place of a list to hear', { hears: 'login' }, /hears: .*\['login'\]/],
    ['one event in place of a list of exits', { exitOn: 'login' }, /exitOn: .*\['login'\]/],
    ['an exit that is nothing', { exitOn: [null] }, /exitOn: an event's name is missing/],
    ['a goal that is only a name', { goal: 'purchase' }, /goal\.within/],
    ['nothing as a trigger', { on: undefined }, /nothing starts this journey/],
    ['a number as a trigger', { on: 7 }, /on: '7'/],
    ['a word as an entry rule', { entry: 'unlimited' }, /entry: 'unlimited' is no rule.*\{ once: 'unlimited' \}/],
    ['nothing as an entry rule', { entry: null }, /entry: 'null' is no rule/],
  ])('%s is refused by name', (_name, input, error) => expect(() => load(input)).toThrow(error));

  test('a journey without a header is refused by name', () => {
    expect(() => loadHeader('j', undefined as never, known)).toThrow(/workflows\/j\.ts: .*header/);
  });

  test('an id that is no file name is refused', () => {
    expect(() => loadHeader('My Journey', { on: 'login' })).toThrow(/can't be a journey's id/);
  });
});

test('an event matches by name, and by all the properties named', () => {
  const event = { name: 'purchase', properties: { value: 3, currency: 'EUR' } };
  expect(matches({ event: 'purchase' }, event)).toBe(true);
  expect(matches({ event: 'purchase', where: { value: 3, currency: 'EUR' } }, event)).toBe(true);
  expect(matches({ event: 'purchase', where: { value: '3' } }, event)).toBe(false);
  expect(matches({ event: 'login' }, event)).toBe(false);
});

describe('times that people name', () => {
  const find = (now: string, when: Parameters<typeof timeOf>[0], zone: string) =>
    new Date(timeOf(when, { now: Date.parse(now), zone, where: 'test' })).toISOString();

  test.each([
    ['2026-01-05T07:00:00Z', 'Europe/Berlin', '2026-01-05T08:00:00.000Z'],
    ['2026-01-05T08:00:00Z', 'Europe/Berlin', '2026-01-06T08:00:00.000Z'],
    ['2026-03-28T12:00:00Z', 'Europe/Berlin', '2026-03-29T07:00:00.000Z'],
    ['2026-10-24T12:00:00Z', 'Europe/Berlin', '2026-10-25T08:00:00.000Z'],
    ['2026-01-05T23:30:00Z', 'Asia/Tokyo', '2026-01-06T00:00:00.000Z'],
  ])('after %s in %s nine comes at %s', (now, zone, then) => expect(find(now, { next: '09:00' }, zone)).toBe(then));

  test('a time that the change of the clocks leaves out counts an hour later', () => {
    expect(find('2026-03-28T12:00:00Z', { next: '02:30' }, 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
  });

  test('weekdays, dates, and days before them', () => {
    expect(find('2026-01-05T10:00:00Z', { next: '09:00', on: 'monday' }, 'UTC')).toBe('2026-01-12T09:00:00.000Z');
    expect(find('2026-01-05T10:00:00Z', { next: '09:00', on: ['tuesday', 'sunday'] }, 'UTC')).toBe(
      '2026-01-06T09:00:00.000Z',
    );
    // Two calendar days before noon is noon, also when one of them had 23 hours.
    expect(find('2026-01-05T10:00:00Z', { date: '2026-03-30T12:00', before: '2 days' }, 'Europe/Berlin')).toBe(
      '2026-03-28T11:00:00.000Z',
    );
    expect(find('2026-01-05T10:00:00Z', { date: '2026-05-01', after: '1 day', at: '18:30' }, 'UTC')).toBe(
      '2026-05-02T18:30:00.000Z',
    );
  });

  test('what is no time, day or zone is refused', () => {
    expect(() => find('2026-01-05T10:00:00Z', { date: 'tomorrow' }, 'UTC')).toThrow(/'tomorrow' is no date/);
    expect(() => find('2026-01-05T10:00:00Z', { next: '09:00', zone: 'Atlantis' }, 'UTC')).toThrow(/no time zone/);
    expect(() => find('2026-01-05T10:00:00Z', { next: '09:00', on: [] }, 'UTC')).toThrow(/no weekday/);
  });

  test('the next time is always ahead, by at most a day and an hour', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }),
        fc.constantFrom('Europe/Berlin', 'America/New_York'),
        (s, zone) => {
          const ahead = timeOf({ next: '09:00' }, { now: s * 1_000, zone, where: 'test' }) - s * 1_000;
          expect(ahead).toBeGreaterThan(0);
          expect(ahead).toBeLessThanOrEqual(25 * 3_600_000);
        },
      ),
    );
  });
});
