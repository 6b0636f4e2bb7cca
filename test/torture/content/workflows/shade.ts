import { generation } from '../generation';
import { journey } from '../sojourn';

/** Does everything but send. */
export default journey('shade', { on: 'add_to_cart', mode: 'shadow', topic: 'reminders' }, async (j) => {
  await j.sleep('1 second');
  await j.send('note', { generation });
});
