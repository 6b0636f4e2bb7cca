import { generation, isOdd } from '../generation';
import { journey } from '../sojourn';

/** Only started by name; waits for a click on its own message, or for something else. */
export default journey(
  'asked',
  { on: 'api', entry: { once: isOdd ? 'per 4 seconds' : 'per 5 seconds' }, hears: ['view_item'], exitOn: ['logout'] },
  async (j) => {
    const tip = await j.send('tip', { generation });
    const came = await j.waitFor([tip.clicked, 'view_item'], { within: '4 seconds', since: 'now' });
    if (came?.event === 'message_clicked') await j.send('receipt', { generation });
  },
);
