import { journey } from '../sojourn';

/** Takes down what it hears, in the order in which it hears it. */
export default journey('listener', { on: 'sign_up', hears: ['view_item'] }, async (j) => {
  const heard: number[] = [];
  while (heard.length < 20) {
    const seen = await j.waitFor('view_item', { within: '2 minutes' });
    if (!seen) return j.exit(`heard only ${heard.join(' ')}`);
    heard.push(seen.n);
  }
  await j.update({ heard });
});
