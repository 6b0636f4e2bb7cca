import { check } from '../src';

interface Progress {
  /** The highest step that is done; 0 when none is. */
  step: number;
  done: boolean;
}

/** How far the person has come since they signed up. */
export default check(async (ask): Promise<Progress> => {
  const since = ask.trigger.name === 'sign_up' ? ask.trigger.at : undefined;
  const events = await ask.events(['onboarding_step_completed', 'onboarding_completed'], { since });
  const steps = events.map((event) => Number(event.properties['step'] ?? 0));
  const all = events.some(
    ({ name, properties: { step, of } }) =>
      name === 'onboarding_completed' || (typeof of === 'number' && of > 0 && Number(step) >= of),
  );
  return { step: Math.max(0, ...steps), done: all };
});
