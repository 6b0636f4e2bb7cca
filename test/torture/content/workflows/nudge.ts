import { generation } from '../generation';
import { journey } from '../sojourn';

/** Begins anew with each trigger. */
export default journey('nudge', { on: 'browse', onRepeat: 'restart' }, async (j) => {
  await j.idle('2 seconds', { of: ['browse'] });
  await j.send('nudge', { generation });
});
