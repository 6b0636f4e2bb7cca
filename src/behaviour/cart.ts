/**
 * The cart: what the person's events have put in and taken out since the last purchase. Its value is prices times
 * quantities, and the given `value` of events without items (GA4's recommended e-commerce events).
 */
import type { JourneyEvent } from '../journey';

export interface CartItem {
  item_id: string;
  item_name: string;
  price: number;
  quantity: number;
  image_url?: string;
  url?: string;
}

export interface Cart {
  items: CartItem[];
  value: number;
  /** Pieces; an event without items counts as one. */
  count: number;
  currency?: string;
}

/** The events that `cartOf` looks at. */
export const cartEvents = ['add_to_cart', 'remove_from_cart', 'purchase'];

/** Events oldest first; others than the cart's are passed over. */
export function cartOf(events: readonly Pick<JourneyEvent, 'name' | 'properties'>[]): Cart {
  let cart = empty();
  for (const { name, properties } of events) {
    if (name === 'purchase') cart = empty();
    else if (name === 'add_to_cart') change(cart, properties, 1);
    else if (name === 'remove_from_cart') change(cart, properties, -1);
  }
  const items = [...cart.items.values()];
  return {
    items,
    value: cents(itemsValue(cart) + cart.looseValue),
    count: items.reduce((sum, item) => sum + item.quantity, 0) + cart.looseCount,
    ...(cart.currency !== undefined && { currency: cart.currency }),
  };
}

/** While it is added up: items by id, and what came with a value and no items. */
interface Sum {
  items: Map<string, CartItem>;
  looseValue: number;
  looseCount: number;
  currency?: string;
}

function empty(): Sum {
  return { items: new Map(), looseValue: 0, looseCount: 0 };
}

function change(cart: Sum, properties: Record<string, unknown>, sign: 1 | -1): void {
  const given = Array.isArray(properties['items']) ? properties['items'].filter(isRecord) : [];
  const value = numberOf(properties['value']);
  cart.currency = textOf(properties['currency']) ?? cart.currency;
  if (given.length === 0) {
    // A removal can't take out more than there is.
    cart.looseValue = Math.max(cart.looseValue + sign * (value ?? 0), -itemsValue(cart));
    if (value !== undefined || sign > 0) cart.looseCount = Math.max(cart.looseCount + sign, 0);
    return;
  }
  for (const item of given) {
    const quantity = numberOf(item['quantity']) ?? 1;
    const price = numberOf(item['price']) ?? (given.length === 1 && value !== undefined ? value / quantity : undefined);
    changeItem(cart, item, { price, quantity: sign * quantity });
  }
}

function changeItem(cart: Sum, item: Record<string, unknown>, by: { price?: number; quantity: number }): void {
  const id = textOf(item['item_id']) ?? textOf(item['item_name']);
  if (id === undefined) return;
  const known = cart.items.get(id);
  const quantity = (known?.quantity ?? 0) + by.quantity;
  if (quantity <= 0) {
    cart.items.delete(id);
    return;
  }
  const image = textOf(item['image_url']) ?? known?.image_url;
  const url = textOf(item['url']) ?? known?.url;
  cart.items.set(id, {
    item_id: id,
    item_name: textOf(item['item_name']) ?? known?.item_name ?? id,
    // What it costs now counts for all pieces; a removal does not say what the others cost.
    price: (by.quantity > 0 ? by.price : undefined) ?? known?.price ?? by.price ?? 0,
    quantity,
    ...(image !== undefined && { image_url: image }),
    ...(url !== undefined && { url }),
  });
}

function itemsValue(cart: Sum): number {
  return [...cart.items.values()].reduce((sum, item) => sum + item.price * item.quantity, 0);
}

function cents(value: number): number {
  return Math.max(0, Math.round(value * 100) / 100);
}

function numberOf(x: unknown): number | undefined {
  const number = typeof x === 'string' && x.trim() !== '' ? Number(x) : x;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
}

function textOf(x: unknown): string | undefined {
  if (typeof x === 'number') return String(x);
  return typeof x === 'string' && x !== '' ? x : undefined;
}

function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === 'object' && x !== null && !Array.isArray(x);
}
