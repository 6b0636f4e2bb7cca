import { absent, journey } from '../sojourn';

/** A week without a login: a message; still none: an offer. A login at any time ends it. */
export default journey(
  're-engagement',
  { on: absent('login', '7 days'), exitOn: ['login'], topic: 'news' },
  async (j) => {
    await j.send('we-miss-you');
    await j.sleep('3 days');
    await j.send('come-back-offer', { percent: 15 });
  },
);
