/** The cart: kept in this browser, the same in all its tabs, and reported as it changes. */
import { commerce, productNamed, type Line, type Product } from './products';
import { track } from './report';
import { createStore } from './store';
import { randomId, session } from './visitor';

const key = 'fjord-and-oak:cart';

/** Product ids and how many of each. */
type Kept = Record<string, number>;

function read(): Line[] {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? '{}') as Kept;
    return Object.entries(kept).flatMap(([id, quantity]) => {
      const product = productNamed(id);
      return product && Number.isInteger(quantity) && quantity > 0 ? [{ product, quantity }] : [];
    });
  } catch {
    return [];
  }
}

export const cart = createStore<Line[]>(read());
addEventListener('storage', (event) => {
  if (event.key === key || event.key === null) cart.set(read());
});

function keep(lines: Line[]): void {
  localStorage.setItem(key, JSON.stringify(Object.fromEntries(lines.map((line) => [line.product.id, line.quantity]))));
  cart.set(lines);
}

export const countOf = (lines: readonly Line[]): number => lines.reduce((sum, { quantity }) => sum + quantity, 0);
export const valueOf = (lines: readonly Line[]): number =>
  lines.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0);

const about = (lines: readonly Line[]) => commerce(lines, session.get()?.publicUrl ?? location.origin);

export function add(product: Product): void {
  const lines = cart.get();
  const known = lines.find((line) => line.product.id === product.id);
  keep(
    known
      ? lines.map((line) => (line === known ? { product, quantity: line.quantity + 1 } : line))
      : [...lines, { product, quantity: 1 }],
  );
  track('add_to_cart', about([{ product, quantity: 1 }]));
}

export function remove(line: Line): void {
  keep(cart.get().filter((one) => one.product.id !== line.product.id));
  track('remove_from_cart', about([line]));
}

export function viewItem(product: Product): void {
  track('view_item', about([{ product, quantity: 1 }]));
}

export function viewCart(): void {
  if (cart.get().length > 0) track('view_cart', about(cart.get()));
}

export function beginCheckout(): void {
  if (cart.get().length > 0) track('begin_checkout', about(cart.get()));
}

export function purchase(): void {
  const lines = cart.get();
  if (lines.length === 0) return;
  track('purchase', { ...about(lines), transaction_id: randomId('order') });
  keep([]);
}

/** Without a word to anybody: it was somebody else's. */
export function forgetCart(): void {
  keep([]);
}
