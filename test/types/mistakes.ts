/**
 * Mistakes that must not compile. Each `@ts-expect-error` stands above one; where the compiler finds nothing wrong, the
 * directive itself is the error, and the test beside this file fails. None of this is ever run.
 */
import { absent, cart, journey, property, times, type Types } from '../../sojourn';
import { createJourney, type ChecksOf } from '../../src';
import type { Check } from '../../src/behaviour';

// The header ---------------------------------------------------------------------------------------------------------

// @ts-expect-error the plan has no such event
journey('m', { on: 'add_to_basket' }, async () => {});

// @ts-expect-error one of several events does not exist
journey('m', { on: ['add_to_cart', 'add_to_basket'] }, async () => {});

// @ts-expect-error nobody can be absent from what does not exist
absent('log_in', '7 days');

// @ts-expect-error `1 hr` is no duration
absent('login', '1 hr');

// @ts-expect-error add_to_cart has no such property to make runs distinct
journey('m', { on: 'add_to_cart', key: 'order_id' }, async () => {});

// @ts-expect-error only one of the two events has a cart_id
journey('m', { on: ['add_to_cart', 'login'], key: 'cart_id' }, async () => {});

// @ts-expect-error an exit must be an event of the plan
journey('m', { on: 'add_to_cart', exitOn: ['log_out'] }, async () => {});

// @ts-expect-error a purchase has no such property to match
journey('m', { on: 'add_to_cart', exitOn: [{ event: 'purchase', where: { color: 'red' } }] }, async () => {});

// @ts-expect-error the value is a number
journey('m', { on: 'add_to_cart', exitOn: [{ event: 'purchase', where: { value: 'high' } }] }, async () => {});

// @ts-expect-error a goal says within which time it counts
journey('m', { on: 'add_to_cart', goal: { event: 'purchase' } }, async () => {});

// @ts-expect-error that time is a number and a unit
journey('m', { on: 'add_to_cart', goal: { event: 'purchase', within: '7d' } }, async () => {});

// @ts-expect-error a repeated trigger is ignored, restarts, or is heard
journey('m', { on: 'add_to_cart', onRepeat: 'queue' }, async () => {});

// @ts-expect-error `daily` is no entry rule
journey('m', { on: 'add_to_cart', entry: { once: 'daily' } }, async () => {});

// @ts-expect-error nor is a time without a unit
journey('m', { on: 'add_to_cart', entry: { once: 'per 24' } }, async () => {});

// @ts-expect-error the header has no such setting
journey('m', { on: 'add_to_cart', cooldown: '1 day' }, async () => {});

// @ts-expect-error a holdout is a number
journey('m', { on: 'add_to_cart', holdout: '5' }, async () => {});

// @ts-expect-error a rule is a comparison, not what is compared
journey('m', { on: 'add_to_cart', when: cart.value }, async () => {});

// @ts-expect-error the cart's value is compared with a number
cart.value.moreThan('50');

// @ts-expect-error no event has such a property
property('colour').equals('red');

// @ts-expect-error what is counted must be an event of the plan
times('view_things').moreThan(3);

// @ts-expect-error so must what resets the count
times('view_item').moreThan(3).without('purchases');

// The body -----------------------------------------------------------------------------------------------------------

journey('m', { on: 'add_to_cart', hears: ['page'] }, async (j) => {
  // @ts-expect-error `1 hr` is no duration
  await j.sleep('1 hr');

  // @ts-expect-error neither is a number of milliseconds
  await j.idle(1_000);

  // @ts-expect-error nor is a time of day without its minutes
  await j.sleepUntil({ next: '9' });

  // @ts-expect-error there is no such hour
  await j.sleepUntil({ next: '25:00' });

  // @ts-expect-error there is no such weekday
  await j.sleepUntil({ next: '09:00', on: 'moonday' });

  // @ts-expect-error there is no such message
  await j.send('cart-remainder', { offer: 'none' });

  // @ts-expect-error it lacks a prop
  await j.send('cart-reminder');

  // @ts-expect-error the prop has another name
  await j.send('cart-reminder', { discount: 'none' });

  // @ts-expect-error the prop has no such value
  await j.send('cart-reminder', { offer: 'half' });

  // @ts-expect-error there is no such check
  await j.check('cart-is-full');

  // @ts-expect-error the check takes no arguments
  await j.check('cart-is-open', { minimum: 3 });

  // @ts-expect-error its answer is yes or no
  (await j.check('cart-is-open')).toFixed();

  const offer = await j.experiment('offer', { none: 50, some: 50 });
  // @ts-expect-error there is no such variant
  if (offer === 'all') return;

  // @ts-expect-error weights are numbers
  await j.experiment('offer', { none: 'half', some: 'half' });

  // @ts-expect-error and not below zero
  await j.experiment('offer', { none: -50, some: 50 });

  // @ts-expect-error nor all of them zero
  await j.experiment('offer', { none: 0, some: 0 });

  // @ts-expect-error there are some
  await j.experiment('offer', {});

  // @ts-expect-error the header does not hear it
  await j.waitFor('purchase', { within: '1 day' });

  // @ts-expect-error nor when it races
  await j.waitFor(['page', 'purchase'], { within: '1 day' });

  // @ts-expect-error a repeated trigger is heard with onRepeat: 'hear' alone
  await j.waitFor('add_to_cart', { within: '1 day' });

  // @ts-expect-error a wait says how long
  await j.waitFor('page', {});

  // @ts-expect-error page has no such property to match
  await j.waitFor('page', { within: '1 day', where: { colour: 'red' } });

  const page = await j.waitFor('page', { within: '1 day' });
  // @ts-expect-error it may not have come
  console.log(page.path);
  // @ts-expect-error page has no such property
  console.log(page?.colour);

  const first = await j.waitFor(['page'], { within: '1 day' });
  // @ts-expect-error what was not awaited can't have come first
  if (first?.event === 'purchase') return;

  const sent = await j.send('cart-reminder', { offer: 'none' });
  // @ts-expect-error only what was skipped or failed has a reason
  console.log(sent.reason);
  // @ts-expect-error such a status does not exist
  if (sent.status === 'bounced') return;

  // @ts-expect-error an event that is emitted is in the plan
  await j.emit('rewarded', {});
  // @ts-expect-error with the plan's properties
  await j.emit('onboarding_step_completed', { step: 'two' });

  // @ts-expect-error the journey may have been asked for: which event it was comes first
  console.log(j.event.properties.currency.length);

  // @ts-expect-error who a run is for does not change
  j.person.id = 'somebody else';
});

// @ts-expect-error what a body returns is an exit or nothing
journey('m', { on: 'add_to_cart' }, async () => 'done');

journey('m', { on: 'add_to_cart' }, async (j) => {
  // @ts-expect-error this journey hears nothing
  await j.waitFor('page', { within: '1 day' });
});

// Checks that want what JSON can't carry ------------------------------------------------------------------------------

interface Asking extends Omit<Types, 'checks'> {
  checks: ChecksOf<{ since: Check<{ since: Date }, number>; lines: Check<{ total(): number }, number> }>;
}
createJourney<Asking>()('m', { on: 'add_to_cart' }, async (j) => {
  // @ts-expect-error the date would arrive as text
  await j.check('since', { since: new Date(j.now()) });
  // @ts-expect-error nor may it be left out
  await j.check('since');
  // @ts-expect-error the function would not arrive
  await j.check('lines', { total: () => 3 });
});
