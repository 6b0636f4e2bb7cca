import { journey } from '../sojourn';

export default journey(
  'reminder',
  {
    on: 'add_to_cart',
    entry: { once: 'per 24 hours' },
    exitOn: ['logout'],
    goal: { event: 'purchase', within: '7 days' },
    topic: 'reminders',
  },
  async (j) => {
    await j.idle('4 seconds');
    if (!(await j.check('cart-is-open'))) return j.exit('cart was emptied');
    await j.send('note', { n: 1 });
    await j.sleep('2 seconds');
    await j.send('second-note', { n: 2 });
  },
);
