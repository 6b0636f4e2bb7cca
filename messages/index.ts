/** Every message that journeys may send, by its id, which is also its folder. */
import cartLastCall from './cart-last-call/message';
import cartReminder from './cart-reminder/message';
import comeBackOffer from './come-back-offer/message';
import onboardingDone from './onboarding-done/message';
import onboardingStepHelp from './onboarding-step-help/message';
import onboardingTutorial from './onboarding-tutorial/message';
import weMissYou from './we-miss-you/message';

export { topics } from './topics';

export const messages = {
  'cart-reminder': cartReminder,
  'cart-last-call': cartLastCall,
  'onboarding-tutorial': onboardingTutorial,
  'onboarding-step-help': onboardingStepHelp,
  'onboarding-done': onboardingDone,
  'we-miss-you': weMissYou,
  'come-back-offer': comeBackOffer,
};
