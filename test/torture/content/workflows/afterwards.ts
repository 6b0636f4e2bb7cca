import { generation, isOdd } from '../generation';
import { journey } from '../sojourn';

/** Started by what another journey emits. */
export default journey(
  'afterwards',
  { on: 'welcomed', exitOn: isOdd ? ['logout', 'browse'] : ['logout'] },
  async (j) => {
    await j.sleep('1 second');
    await j.send('parcel', { generation });
  },
);
