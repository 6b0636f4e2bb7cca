import { generation } from '../generation';
import { journey } from '../sojourn';

/** Takes down what it hears, in the order in which it hears it, and reports it. */
export default journey('listener', { on: 'sign_up', hears: ['view_item'] }, async (j) => {
  const heard: number[] = [];
  while (heard.length < 40) {
    const seen = await j.waitFor('view_item', { within: '4 seconds' });
    if (!seen) break;
    heard.push(seen.n);
  }
  await j.emit('listened', { run: j.event.id, heard, generation });
});
