import { journey } from '../sojourn';

/** Started by what another journey emits. */
export default journey('afterwards', { on: 'welcomed', exitOn: ['logout'] }, async (j) => {
  await j.sleep('1 second');
  await j.send('parcel');
});
