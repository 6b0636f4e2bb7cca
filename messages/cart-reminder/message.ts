import { z } from 'zod';
import { message } from '../../src';
import { exampleCart } from '../example-cart';

/** Shows what lies in the cart; with the offer `ten-percent`, also what it would cost. */
export default message({
  kind: 'marketing',
  topic: 'reminders',
  props: z.object({ offer: z.enum(['none', 'ten-percent']) }),
  data: async (ask) => ({ cart: await ask.cart() }),
  email: {
    subject:
      "{% if offer == 'ten-percent' %}10% off what is in your cart, {{ user_name }}{% else %}{{ user_name }}, your cart is waiting{% endif %}",
    preheader: '{{ cart.count }} item{% if cart.count != 1 %}s{% endif %}, kept for you',
    template: 'email.mjml',
  },
  fallbacks: { user_name: 'there', 'cart.currency': 'USD' },
  example: { props: { offer: 'ten-percent' }, data: { cart: exampleCart } },
});
