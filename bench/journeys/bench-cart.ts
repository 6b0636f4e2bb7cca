/** The cart-abandonment journey with ten seconds in place of thirty minutes, one reminder, and nobody held out. */
import { cart, journey } from '../../sojourn';

export default journey(
  'bench-cart',
  {
    on: 'add_to_cart',
    when: cart.value.moreThan(50),
    entry: { once: 'per 24 hours' },
    exitOn: ['logout'],
    goal: { event: 'purchase', within: '7 days' },
    topic: 'reminders',
  },
  async (j) => {
    await j.idle('10 seconds');
    if (!(await j.check('cart-is-open'))) return j.exit('cart was emptied');
    await j.send('cart-reminder', { offer: 'none' });
  },
);
