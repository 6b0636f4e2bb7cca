import { cart, journey } from '../sojourn';

/** A cart worth writing about, left alone: a reminder with what lies in it, and a last call to who did not look. */
export default journey(
  'cart-abandonment',
  {
    on: 'add_to_cart',
    when: cart.value.moreThan(50),
    entry: { once: 'per 24 hours' },
    exitOn: ['logout'],
    goal: { event: 'purchase', within: '7 days' },
    topic: 'reminders',
  },
  async (j) => {
    const patience = await j.experiment('cart-patience', { '15 minutes': 50, '30 minutes': 50 });
    await j.idle(patience);
    if (!(await j.check('cart-is-open'))) return j.exit('cart was emptied');

    const offer = await j.experiment('cart-offer', { none: 50, 'ten-percent': 50 });
    const reminder = await j.send('cart-reminder', { offer });
    if (reminder.status !== 'sent') {
      return j.exit(`no reminder: ${'reason' in reminder ? reminder.reason : reminder.status}`);
    }

    const click = await j.waitFor(reminder.clicked, { within: '1 day' });
    if (click) return;
    // The cart may have been emptied piece by piece meanwhile, which is no goal and no exit.
    if (!(await j.check('cart-is-open'))) return j.exit('cart was emptied');
    await j.send('cart-last-call', { offer });
  },
);
