import { journey } from '../sojourn';

/** One run for each order; what it sends is sent again where nobody knows whether it went. */
export default journey('order', { on: 'purchase', key: 'transaction_id', exitOn: ['refund'] }, async (j) => {
  await j.send('receipt');
  await j.sleep('2 seconds');
  await j.send('parcel');
});
