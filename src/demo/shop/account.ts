/** Signing up and out, through the shop's back end, and the three steps of setting an account up. */
import type { SessionAnswer } from './answers';
import { forgetCart } from './cart';
import { settled, track } from './report';
import { createStore } from './store';
import { anonymousId, ask, forgetAnonymousId, loadSession, session } from './visitor';

export const setUpSteps = [
  'Say what you are looking for',
  'Choose three things that you like',
  'Choose how to be told',
];

const stepsKey = 'fjord-and-oak:steps-done';

/** How many steps are done. */
export const stepsDone = createStore(Number(localStorage.getItem(stepsKey) ?? 0) || 0);

function keepSteps(done: number): void {
  localStorage.setItem(stepsKey, String(done));
  stepsDone.set(done);
}

export function completeStep(step: number): void {
  keepSteps(step);
  track('onboarding_step_completed', { step, of: setUpSteps.length });
}

export async function signUp(who: { name: string; email: string }): Promise<SessionAnswer> {
  // What was done before as nobody in particular comes first.
  await settled();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const answer = await ask<SessionAnswer>('sign-up', { ...who, anonymousId: anonymousId(), timezone: timeZone });
  if (answer.returning !== true) keepSteps(0);
  session.set(answer);
  return answer;
}

/** Afterwards this browser is somebody new. The guide tells of who signed out, until they start over. */
export async function signOut({ startOver = false } = {}): Promise<void> {
  await settled();
  session.set(await ask<SessionAnswer>('sign-out', { startOver }));
  forgetVisitor();
}

function forgetVisitor(): void {
  forgetAnonymousId();
  forgetCart();
  keepSteps(0);
}

/** Asks the back end who this browser is; what was kept of another shop's visitor is forgotten. */
export async function arrive(): Promise<void> {
  if (await loadSession()) forgetVisitor();
}
