import { expect, test } from 'vitest';
import cartAbandonment from '../../workflows/cart-abandonment';
import { at, simulate, then } from './prove';

const desk = { item_id: 'desk-1', item_name: 'Desk', price: 80, quantity: 1 };
const start = at('0m', 'add_to_cart', { value: 80, items: [desk] });

test('a cart left alone: a reminder, and a last call a day later to who did not look', async () => {
  const run = await simulate(cartAbandonment, [start]);
  expect(run).toHaveSent(['cart-reminder', 'cart-last-call']);
});
