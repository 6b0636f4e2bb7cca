/** Every check that journeys may ask, by its name, which is also its file's. */
import cartIsOpen from './cart-is-open';
import onboardingProgress from './onboarding-progress';

export const checks = {
  'cart-is-open': cartIsOpen,
  'onboarding-progress': onboardingProgress,
};
