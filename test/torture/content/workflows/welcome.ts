import { generation, isOdd } from '../generation';
import { journey } from '../sojourn';

/** Once in a lifetime; what it does changes the person, and starts the next journey. */
export default journey('welcome', { on: 'login', entry: { once: 'ever' } }, async (j) => {
  if (!isOdd) await j.update({ welcomed: true });
  await j.send('tip', { generation });
  await j.emit('welcomed', { generation });
});
