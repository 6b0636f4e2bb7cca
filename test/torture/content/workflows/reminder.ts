import { generation, isOdd } from '../generation';
import { journey } from '../sojourn';

/** Waits lazily, asks, draws a variant, and sends twice, unless an exit or the goal comes in between. */
export default journey(
  'reminder',
  {
    on: 'add_to_cart',
    entry: { once: 'per 8 seconds' },
    exitOn: isOdd ? ['logout', 'sign_up'] : ['logout'],
    goal: { event: 'purchase', within: '7 days' },
    topic: 'reminders',
  },
  async (j) => {
    await j.idle('2 seconds');
    if (!isOdd && !(await j.check('cart-is-open'))) return j.exit('cart was emptied');
    await j.send('note', { generation });
    const variant = await j.experiment('pace', { short: 1, long: 1 });
    await j.sleep(variant === 'short' ? '1 second' : '2 seconds');
    await j.send('second-note', { generation });
  },
);
