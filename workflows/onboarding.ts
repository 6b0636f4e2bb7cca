import { journey } from '../sojourn';

const progress = ['onboarding_step_completed', 'onboarding_completed'] as const;
const threeDays = 3 * 24 * 3_600_000;

/** From sign-up to set up: help where somebody is stuck, and congratulations once all is done, within three days. */
export default journey(
  'onboarding',
  { on: 'sign_up', entry: { once: 'ever' }, hears: progress, topic: 'onboarding' },
  async (j) => {
    const until = j.event.at + threeDays;
    if (!(await j.waitFor(progress, { within: '3 minutes' }))) await j.send('onboarding-tutorial');

    // Help for the first step is the tutorial. For each later one it is sent once, to who is stuck there.
    let helpedWith = 1;
    for (;;) {
      const { step, done } = await j.check('onboarding-progress');
      if (done) break;
      const left = until - j.now();
      if (left <= 0) return j.exit(`not done in three days: ${step} steps`);

      const next = step + 1;
      const mayHelp = next > helpedWith;
      const went = await j.waitFor(progress, { within: mayHelp ? '1 hour' : `${Math.ceil(left / 1_000)} seconds` });
      if (went || !mayHelp) continue;
      await j.send('onboarding-step-help', { step: next });
      helpedWith = next;
    }
    await j.send('onboarding-done');
  },
);
