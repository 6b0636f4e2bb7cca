import { check, factsOf } from '../src';

/** Whether something lies in the cart. Somebody who was asked for with a cart's value and sent no cart events has one. */
export default check(async (ask) => {
  const cartEvents = await ask.events(['add_to_cart', 'remove_from_cart', 'purchase']);
  if (cartEvents.length === 0) return Number(factsOf(ask.trigger)['cartValue'] ?? 0) > 0;
  const { value, count } = await ask.cart();
  return value > 0 || count > 0;
});
