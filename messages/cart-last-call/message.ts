import { z } from 'zod';
import { message } from '../../src';
import { exampleCart } from '../example-cart';

/** The second and last word about a cart, for those who did not look at the first. */
export default message({
  kind: 'marketing',
  topic: 'reminders',
  props: z.object({ offer: z.enum(['none', 'ten-percent']) }),
  data: async (ask) => ({ cart: await ask.cart() }),
  email: {
    subject:
      "{% if offer == 'ten-percent' %}Last call: 10% off your cart{% else %}Last call for your cart, {{ user_name }}{% endif %}",
    preheader: 'We will not write about it again',
    template: 'email.mjml',
  },
  fallbacks: { user_name: 'friend', 'cart.currency': 'USD' },
  example: { props: { offer: 'none' }, data: { cart: exampleCart } },
});
