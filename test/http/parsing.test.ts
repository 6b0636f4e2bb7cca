/** Pure parts of the way in: names, shapes, times, limits, names of journeys. */
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { definePlan, occurredAt, parseCall, parseTime, planName, type ParseContext } from '../../src/events';
import { findJourneyId } from '../../src/http/journey-names';
import { createBuckets } from '../../src/http/limits';
import { presentedKey } from '../../src/http/auth';
import { plan } from '../../events';

const now = Date.UTC(2026, 0, 31, 12);
const context: ParseContext = { plan, source: 'http', received: { wall: now, now, scale: 1 } };

function track(event: string, properties: Record<string, unknown>) {
  return parseCall('track', { userId: 'u', event, properties }, context).event;
}

describe('Segment’s names', () => {
  test.each([
    [
      'Product Viewed',
      { product_id: 'p', name: 'Desk', price: 80, image_url: 'https://i.example/1' },
      'view_item',
      {
        value: 80,
        items: [{ item_id: 'p', item_name: 'Desk', price: 80, quantity: 1, image_url: 'https://i.example/1' }],
      },
    ],
    [
      'Product Added',
      { cart_id: 'c', product_id: 'p', price: 10, quantity: 2, currency: 'EUR' },
      'add_to_cart',
      { cart_id: 'c', currency: 'EUR', value: 20, items: [{ item_id: 'p', price: 10, quantity: 2 }] },
    ],
    ['Product Removed', { sku: 's' }, 'remove_from_cart', { items: [{ item_id: 's', quantity: 1 }] }],
    [
      'Cart Viewed',
      { products: [{ product_id: 1, price: '5' }] },
      'view_cart',
      { items: [{ item_id: '1', price: 5 }] },
    ],
    [
      'Checkout Started',
      { order_id: 'o', revenue: 10, products: [] },
      'begin_checkout',
      { transaction_id: 'o', value: 10, items: [] },
    ],
    [
      'Order Completed',
      { order_id: 'o', total: 12, revenue: 10, products: [{ sku: 's', name: 'N', quantity: 1 }] },
      'purchase',
      { transaction_id: 'o', value: 12, revenue: 10, items: [{ item_id: 's', item_name: 'N', quantity: 1 }] },
    ],
    ['Signed Up', {}, 'sign_up', {}],
    ['Signed In', {}, 'login', {}],
    ['Signed Out', {}, 'logout', {}],
    ['Products Searched', { query: 'desk' }, 'search', { search_term: 'desk' }],
    [
      'add_to_cart',
      { value: 80, items: [{ item_id: 'p', price: 80, quantity: 1 }] },
      'add_to_cart',
      { value: 80, items: [{ item_id: 'p', price: 80, quantity: 1 }] },
    ],
  ])('%s %j', (event, properties, name, shaped) => {
    expect(track(event, properties)).toMatchObject({ name, properties: shaped, planned: true });
  });

  test('a name that Segment does not have stays', () => {
    expect(planName('Article Read')).toBe('Article Read');
    expect(planName('constructor')).toBe('constructor');
  });

  test('the url of a page is not that of a product', () => {
    expect(track('view_item', { url: 'https://shop.example/' })?.properties).toEqual({ url: 'https://shop.example/' });
  });
});

describe('times', () => {
  test.each([
    ['2026-01-31T11:00:00Z', now - 3_600_000],
    [now, now],
    [now / 1_000, now],
    [String(now), now],
    ['2026-01-31T13:00+02:00', now - 3_600_000],
    ['soon', undefined],
    ['line 7', undefined],
    ['7', undefined],
    ['Jan 31 2026', undefined],
    [-1, undefined],
    [Number.NaN, undefined],
    [{}, undefined],
    ['x'.repeat(100), undefined],
  ])('%j', (value, ms) => {
    expect(parseTime(value)).toBe(ms);
  });

  test('one without a zone is UTC, wherever the server stands', () => {
    vi.stubEnv('TZ', 'America/New_York');
    expect(new Date(now).getTimezoneOffset()).toBe(300);
    for (const text of ['2026-01-31T11:00:00', '2026-01-31T11:00', '2026-01-31 11:00:00.000']) {
      expect(parseTime(text)).toBe(now - 3_600_000);
    }
    vi.unstubAllEnvs();
  });

  test('an age is multiplied by the scale, and nothing happened before 1970 or in the future', () => {
    const received = { wall: now, now, scale: 600 };
    expect(occurredAt(received, now - 1_000)).toBe(now - 600_000);
    expect(occurredAt(received, 0)).toBe(0);
    expect(occurredAt(received, now + 1_000)).toBe(now);
    expect(occurredAt(received, now - 1_000, now - 2_000)).toBe(now);
  });
});

describe('a plan', () => {
  test('checks what it knows and changes nothing', () => {
    const small = definePlan({ tick: z.object({ n: z.number() }) });
    expect(small.check('tick', { n: 1, more: true })).toEqual([]);
    expect(small.check('tick', { n: '1' })).toMatchObject([{ path: 'n' }]);
    expect(small.check('tock', { n: '1' })).toEqual([]);
    expect(small.has('toString')).toBe(false);
  });

  test('refuses names that only Sojourn reports', () => {
    expect(() => definePlan({ message_clicked: z.object({}) })).toThrow(/events\.ts: 'message_clicked'/);
  });
});

describe('names of journeys', () => {
  const ids = ['cart-abandonment', 'onboarding', 're-engagement', 'welcome-series', 'browse-abandonment'];
  test.each([
    ['cart-abandonment', 'cart-abandonment'],
    ['abandoned-cart', 'cart-abandonment'],
    ['abandon_cart', 'cart-abandonment'],
    ['AbandonedCart', 'cart-abandonment'],
    ['abandoned-carts-journey', 'cart-abandonment'],
    ['onboard', 'onboarding'],
    ['reengagement', 're-engagement'],
    ['re_engage', 're-engagement'],
    ['abandonment', undefined],
    ['', undefined],
    ['-', undefined],
    ['cart', undefined],
  ])('%j is %j', (name, id) => {
    expect(findJourneyId(name, ids)).toBe(id);
  });

  test('a name that fits two is none of them', () => {
    expect(findJourneyId('carts', ['cart', 'carted'])).toBeUndefined();
    expect(findJourneyId('cart', ['cart', 'carted'])).toBe('cart');
  });
});

test.each([
  [`Basic ${Buffer.from('key:').toString('base64')}`, 'key'],
  [`basic ${Buffer.from('key:any:thing').toString('base64')}`, 'key'],
  [`Basic ${Buffer.from('key').toString('base64')}`, 'key'],
  ['Bearer key', 'key'],
  ['Digest key', undefined],
  ['key', undefined],
  [undefined, undefined],
])('the key in %j is %j', (header, key) => {
  expect(presentedKey(header)).toBe(key);
});

test('buckets fill again, and what was idle longest is forgotten first', () => {
  let clock = 0;
  const buckets = createBuckets({ perSecond: 10, burst: 2 }, 3, () => clock);
  expect([buckets.take('a'), buckets.take('a')]).toEqual([0, 0]);
  expect(buckets.take('a')).toBeCloseTo(0.1);
  clock = 100;
  expect(buckets.take('a')).toBe(0);
  for (const name of ['b', 'c', 'd']) expect(buckets.take(name)).toBe(0);
  // Forgotten, so full again.
  expect([buckets.take('a'), buckets.take('a')]).toEqual([0, 0]);
});
