import { journey } from '../sojourn';

/** Once in a lifetime; what it does changes the person, and starts the next journey. */
export default journey('welcome', { on: 'login', entry: { once: 'ever' } }, async (j) => {
  await j.update({ welcomed: true });
  await j.send('tip');
  await j.emit('welcomed', {});
});
