import { generation, isOdd } from '../generation';
import { journey } from '../sojourn';

/** One run for each order; what it sends is sent again where nobody knows whether it went. */
export default journey('order', { on: 'purchase', key: 'transaction_id', exitOn: ['refund'] }, async (j) => {
  await j.send('receipt', { generation });
  if (isOdd) await j.sleep('1 second');
  await j.sleep('2 seconds');
  await j.send('parcel', { generation });
});
