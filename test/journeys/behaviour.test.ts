import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  all,
  any,
  cart,
  cartOf,
  describe as inWords,
  holds,
  needs,
  not,
  property,
  times,
  trait,
} from '../../src/behaviour';
import type { Condition, JourneyEvent } from '../../src/journey';

const minute = 60_000;
let made = 0;
function event(name: string, properties: Record<string, unknown> = {}, at = 0): JourneyEvent {
  return { id: String(++made), name, properties, at: at * minute, acceptedAt: at * minute };
}
const item = (item_id: string, price?: number, quantity?: number) => ({ item_id, item_name: item_id, price, quantity });
const add = (...items: object[]) => event('add_to_cart', { items });
const remove = (...items: object[]) => event('remove_from_cart', { items });

describe('the cart', () => {
  test.each<[string, JourneyEvent[], { value: number; count: number }]>([
    ['is empty at first', [], { value: 0, count: 0 }],
    ['is prices times quantities', [add(item('a', 10, 2), item('b', 5))], { value: 25, count: 3 }],
    ['adds up', [add(item('a', 10)), add(item('a', 10, 2))], { value: 30, count: 3 }],
    ['takes out', [add(item('a', 10, 3)), remove(item('a', undefined, 2))], { value: 10, count: 1 }],
    [
      'is never below nothing',
      [add(item('a', 10)), remove(item('a', 10, 5)), remove(item('b', 5))],
      { value: 0, count: 0 },
    ],
    ['starts over with a purchase', [add(item('a', 10)), event('purchase'), add(item('b', 7))], { value: 7, count: 1 }],
    ['is the given value without items', [event('add_to_cart', { value: 80 })], { value: 80, count: 1 }],
    [
      'adds and takes values without items',
      [
        event('add_to_cart', { value: 80 }),
        event('add_to_cart', { value: 20 }),
        event('remove_from_cart', { value: 80 }),
      ],
      { value: 20, count: 1 },
    ],
    [
      'is the value of an item without a price',
      [event('add_to_cart', { value: 80, items: [item('a', undefined, 2)] })],
      { value: 80, count: 2 },
    ],
    ['passes over other events', [add(item('a', 10)), event('view_item', { value: 99 })], { value: 10, count: 1 }],
    ['is exact to the cent', [add(item('a', 0.1, 3))], { value: 0.3, count: 3 }],
  ])('%s', (_name, events, expected) => expect(cartOf(events)).toMatchObject(expected));

  test('keeps what messages show', () => {
    const desk = {
      item_id: 'd',
      item_name: 'Desk',
      price: 80,
      quantity: 1,
      image_url: 'https://x.example/d.jpg',
      url: 'https://x.example/d',
    };
    const cart = cartOf([event('add_to_cart', { currency: 'EUR', items: [desk] })]);
    expect(cart).toEqual({ items: [desk], value: 80, count: 1, currency: 'EUR' });
  });

  test('whatever is put in and taken out: never negative, and its value is that of its items', () => {
    const change = fc.record({
      name: fc.constantFrom('add_to_cart', 'remove_from_cart', 'purchase'),
      id: fc.constantFrom('a', 'b', 'c'),
      price: fc.integer({ min: 0, max: 100 }),
      quantity: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const { items, value, count } = cartOf(
          changes.map(({ name, ...rest }) => event(name, { items: [item(rest.id, rest.price, rest.quantity)] })),
        );
        expect(value).toBe(items.reduce((sum, { price, quantity }) => sum + price * quantity, 0));
        expect(count).toBe(items.reduce((sum, { quantity }) => sum + quantity, 0));
        expect(items.every(({ quantity }) => quantity > 0)).toBe(true);
      }),
    );
  });
});

describe('rules', () => {
  const decide = (
    rule: Condition,
    trigger: JourneyEvent,
    history: JourneyEvent[] = [],
    traits: Record<string, unknown> = {},
  ) => holds(rule, { trigger, traits, history: [...history, trigger], now: trigger.at });

  test('show what they looked at', () => {
    const rule = all(cart.value.moreThan(50), property('currency').equals('EUR'), trait('plan').equals('vip'));
    expect(decide(rule, event('add_to_cart', { value: 80, currency: 'EUR' }))).toEqual({
      holds: false,
      inputs: { 'cart value': 80, 'property currency': 'EUR', 'trait plan': null },
    });
  });

  test.each<[string, Condition, boolean]>([
    ['more than', property('n').moreThan(3), false],
    ['at least', property('n').atLeast(3), true],
    ['less than', property('n').lessThan(3), false],
    ['at most', property('n').atMost(3), true],
    ['equals', property('n').equals(3), true],
    ['not', not(property('n').equals(3)), false],
    ['any', any(property('n').equals(9), property('n').equals(3)), true],
    ['a missing property is never more', property('m').moreThan(-1), false],
    ['nor less', property('m').lessThan(1), false],
    ['text is no number', property('text').moreThan(1), false],
  ])('%s', (_name, rule, expected) => expect(decide(rule, event('e', { n: 3, text: '5' })).holds).toBe(expected));

  test("a request's facts stand in for events", () => {
    const request = event('trigger_requested', { journey: 'j', cartValue: 80 });
    expect(decide(cart.value.moreThan(50), request, [event('add_to_cart', { value: 3 })]).holds).toBe(true);
  });

  test('how often: the same thing, within a time, since another event', () => {
    const viewed = (id: string, at: number) => event('view_item', { items: [item(id)] }, at);
    const rule = times('view_item', { same: 'item_id' }).moreThan(2).within('1 hour').without('purchase');
    const words = 'times view_item of the same item_id within 1h without purchase';
    expect(decide(rule, viewed('a', 50), [viewed('a', 10), viewed('b', 20), viewed('a', 30)]).inputs).toEqual({
      [words]: 3,
    });
    expect(decide(rule, viewed('b', 50), [viewed('a', 10), viewed('b', 20), viewed('a', 30)]).inputs).toEqual({
      [words]: 2,
    });
    expect(decide(rule, viewed('a', 80), [viewed('a', 10), viewed('a', 30)]).inputs).toEqual({ [words]: 2 });
    expect(decide(rule, viewed('a', 50), [viewed('a', 10), event('purchase', {}, 20), viewed('a', 30)]).inputs).toEqual(
      { [words]: 2 },
    );
    // The trigger says nothing about an item: then the one viewed most counts.
    expect(decide(rule, event('page', {}, 50), [viewed('a', 10), viewed('b', 20), viewed('a', 30)]).inputs).toEqual({
      [words]: 2,
    });
  });

  test('are data, say what they need, and read as words', () => {
    const rule = all(cart.count.atLeast(1), times('page').moreThan(3).within('1 day').without('purchase'));
    expect(JSON.parse(JSON.stringify(rule))).toEqual(rule);
    expect(needs(rule)).toEqual({ events: ['add_to_cart', 'remove_from_cart', 'purchase', 'page'] });
    expect(needs(times('page').moreThan(3).within('1 day'))).toEqual({ events: ['page'], sinceMs: 86_400_000 });
    expect(needs(trait('plan').equals('vip'))).toEqual({ events: [] });
    expect(inWords(rule)).toBe(
      'the cart holds at least 1 item and page happened more than 3 times within 1 day since the last purchase',
    );
    expect(inWords(times('view_item', { same: 'item_id' }).lessThan(1))).toBe(
      'view_item happened less than 1 time with the same item_id',
    );
    expect(inWords(all(cart.value.moreThan(50), property('method').equals('google')))).toBe(
      'the cart is worth more than 50 and its method is google',
    );
    expect(inWords(any(rule, not(trait('plan').equals('pro'))))).toBe(
      `(${inWords(rule)}) or not (the person's plan is pro)`,
    );
  });
});
