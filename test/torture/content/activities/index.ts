import { check } from '../../../../src/behaviour';

export const checks = {
  'cart-is-open': check(async (ask) => (await ask.cart()).value > 0),
};
