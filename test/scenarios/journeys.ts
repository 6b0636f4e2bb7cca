/**
 * The journeys of the shared scenarios: small ones, each for a verb or an edge. They run on both clocks, so this file
 * imports what a workflow may import, and nothing else.
 */
import { createBehaviour } from '../../src/behaviour';
import { createJourney, type Journey } from '../../src/journey';
import { changingJourneys } from './changing-journeys';
import { guardJourneys } from './guard-journeys';
import { sandboxJourneys } from './sandbox-journeys';

interface MessageProperties {
  message_id: string;
  message: string;
  run_id: string;
  url?: string;
}

export interface ScenarioTypes {
  events: {
    item_added: { value: number; cart_id?: string };
    add_to_cart: { value: number };
    bought: { value?: number };
    left: { why?: string };
    visited: { path: string };
    replied: { answer: string };
    login: { method?: string };
    rewarded: { points: number };
    message_clicked: MessageProperties;
    message_opened: MessageProperties;
    message_delivered: MessageProperties;
  };
  messages: {
    hello: { name?: string };
    offer: { percent: number };
    receipt: { total?: number };
    newsletter: { edition?: number };
    nudge: { nth?: number };
  };
  checks: {
    'is-vip': { args: void; result: boolean };
    visits: { args: { path?: string }; result: { count: number } };
    nothing: { args: void; result: unknown };
    'a-function': { args: void; result: unknown };
    oddities: { args: void; result: { date: unknown } };
    'the-size': { args: void; result: unknown };
    'node-has': { args: { names: string[] }; result: boolean };
    echo: { args: { text: unknown }; result: string };
  };
}

const journey = createJourney<ScenarioTypes>();
const { absent, cart, times, trait, all, not } = createBehaviour<ScenarioTypes>();

// Time --------------------------------------------------------------------------------------------------------------

export const sleeps = journey('sleeps', { on: 'item_added' }, async (j) => {
  await j.sleep('1 hour');
  await j.send('hello');
});

export const sleepsTwice = journey('sleeps-twice', { on: 'item_added' }, async (j) => {
  await j.sleep('10 minutes');
  await j.sleep('10 minutes');
  await j.sleep('2 days');
});

export const inTheMorning = journey('in-the-morning', { on: 'item_added' }, async (j) => {
  await j.sleepUntil({ next: '09:00' });
  await j.sleepUntil({ next: '09:00' });
  await j.sleepUntil({ next: '18:30', on: 'monday' });
});

export const beforeDate = journey('before-date', { on: 'item_added' }, async (j) => {
  const date = j.event.at + 10 * 24 * 3_600_000;
  await j.sleepUntil({ date, before: '3 days' });
  await j.sleepUntil({ date, before: '4 days' });
  return j.exit('the day has come');
});

export const idles = journey('idles', { on: 'item_added' }, async (j) => {
  await j.idle('30 minutes');
  await j.send('hello');
});

export const idlesOfVisits = journey('idles-of-visits', { on: 'item_added' }, async (j) => {
  await j.idle('30 minutes', { of: ['visited'] });
  await j.send('hello');
});

export const idlesAfterSleep = journey('idles-after-sleep', { on: 'item_added' }, async (j) => {
  await j.sleep('2 hours');
  await j.idle('1 hour');
  await j.send('hello');
});

// Ends --------------------------------------------------------------------------------------------------------------

export const exitsAndGoal = journey(
  'exits-and-goal',
  {
    on: 'item_added',
    exitOn: ['left', { event: 'visited', where: { path: '/bye' } }, 'bought'],
    goal: { event: 'bought', within: '7 days' },
  },
  async (j) => {
    await j.sleep('1 hour');
    await j.send('hello');
    await j.sleep('1 hour');
    await j.send('offer', { percent: 10 });
  },
);

export const exitsByItself = journey('exits-by-itself', { on: 'item_added' }, async (j) => {
  await j.sleep('5 minutes');
  return j.exit('nothing to say');
});

export const forgetsToReturn = journey('forgets-to-return', { on: 'item_added' }, async (j) => {
  await j.sleep('5 minutes');
  j.exit('was not returned');
  await j.send('hello');
});

export const catches = journey('catches', { on: 'item_added', exitOn: ['left'] }, async (j) => {
  try {
    await j.sleep('1 hour');
  } catch {
    // What an author should not do, and what must not matter.
  }
  await j.send('hello');
});

export const forgetsToAwait = journey('forgets-to-await', { on: 'item_added' }, async (j) => {
  // What an author should not do, and what must not keep the run from ending.
  void j.sleep('1 hour');
  await j.sleep('10 minutes');
});

export const throws = journey('throws', { on: 'item_added' }, async (j) => {
  await j.sleep('5 minutes');
  throw new Error('a mistake in the body');
});

export const badDuration = journey('bad-duration', { on: 'item_added' }, async (j) => {
  const minutes = j.event.name === 'item_added' ? -3 : 3;
  await j.sleep(`${minutes} minutes`);
});

// Repeats, keys, entry rules ----------------------------------------------------------------------------------------

export const restarts = journey('restarts', { on: 'item_added', onRepeat: 'restart' }, async (j) => {
  await j.sleep('30 minutes');
  await j.send('hello');
});

export const hearsRepeats = journey('hears-repeats', { on: 'item_added', onRepeat: 'hear' }, async (j) => {
  const more = await j.waitFor('item_added', { within: '1 hour' });
  return j.exit(more ? `added ${more.value}` : 'added nothing');
});

export const hearsItsCart = journey(
  'hears-its-cart',
  { on: 'item_added', key: 'cart_id', onRepeat: 'hear' },
  async (j) => {
    const more = await j.waitFor('item_added', { within: '1 hour' });
    return j.exit(more ? `added ${more.value}` : 'added nothing');
  },
);

export const oneACart = journey('one-a-cart', { on: 'item_added', key: 'cart_id' }, async (j) => {
  await j.sleep('30 minutes');
  await j.send('hello');
});

export const oncePerHour = journey('once-per-hour', { on: 'item_added', entry: { once: 'per 1 hour' } }, async (j) => {
  await j.sleep('5 minutes');
});

export const onceEver = journey('once-ever', { on: 'item_added', entry: { once: 'ever' } }, async (j) => {
  await j.sleep('5 minutes');
});

export const bigCarts = journey(
  'big-carts',
  { on: ['add_to_cart', 'api'], when: cart.value.moreThan(50) },
  async (j) => {
    await j.idle('30 minutes');
    await j.send('hello');
  },
);

export const oftenWithoutBuying = journey(
  'often-without-buying',
  {
    on: 'visited',
    when: all(
      times('visited', { same: 'path' }).moreThan(2).within('1 day').without('bought'),
      not(trait('plan').equals('vip')),
    ),
  },
  async (j) => {
    await j.send('offer', { percent: 5 });
  },
);

export const absentFrom = journey('absent-from', { on: absent('login', '7 days'), exitOn: ['login'] }, async (j) => {
  await j.send('hello');
  await j.sleep('3 days');
  await j.send('offer', { percent: 15 });
});

// Hearing -----------------------------------------------------------------------------------------------------------

export const waits = journey('waits', { on: 'item_added', hears: ['replied'] }, async (j) => {
  const reply = await j.waitFor('replied', { within: '1 hour' });
  return j.exit(reply ? `replied ${reply.answer}` : 'no reply');
});

export const waitsLate = journey('waits-late', { on: 'item_added', hears: ['replied'] }, async (j) => {
  await j.sleep('1 hour');
  const first = await j.waitFor('replied', { within: '10 minutes' });
  const second = await j.waitFor('replied', { within: '10 minutes' });
  return j.exit(`${first?.answer ?? 'nothing'}, ${second?.answer ?? 'nothing'}`);
});

export const waitsFromNow = journey('waits-from-now', { on: 'item_added', hears: ['replied'] }, async (j) => {
  await j.sleep('1 hour');
  const reply = await j.waitFor('replied', { within: '1 hour', since: 'now' });
  return j.exit(reply ? `replied ${reply.answer}` : 'no reply');
});

export const waitsForYes = journey('waits-for-yes', { on: 'item_added', hears: ['replied'] }, async (j) => {
  const yes = await j.waitFor('replied', { within: '1 hour', where: { answer: 'yes' } });
  return j.exit(yes ? 'yes' : 'never yes');
});

export const races = journey('races', { on: 'item_added', hears: ['replied', 'visited', 'left'] }, async (j) => {
  const first = await j.waitFor(['replied', { event: 'visited', where: { path: '/help' } }], { within: '1 hour' });
  if (first?.event === 'visited') return j.exit(`went to ${first.properties.path}`);
  return j.exit(first ? `replied ${first.properties.answer}` : 'neither');
});

export const waitsForClick = journey('waits-for-click', { on: 'item_added' }, async (j) => {
  const hello = await j.send('hello');
  const offer = await j.send('offer', { percent: 10 });
  const click = await j.waitFor(offer.clicked, { within: '1 day' });
  const opened = await j.waitFor([hello.opened, hello.clicked], { within: '1 day' });
  return j.exit(`${click ? 'clicked' : 'not clicked'}, ${opened?.event ?? 'nothing'}`);
});

export const waitsForClicks = journey('waits-for-clicks', { on: 'item_added' }, async (j) => {
  const hello = await j.send('hello');
  const first = await j.waitFor(hello.clicked, { within: '1 day' });
  const second = await j.waitFor(hello.clicked, { within: '1 day' });
  return j.exit(`${first?.url ?? 'nothing'}, ${second?.url ?? 'nothing'}`);
});

export const endsByClick = journey('ends-by-click', { on: 'item_added', exitOn: ['message_clicked'] }, async (j) => {
  await j.send('hello');
  await j.sleep('1 day');
});

export const counts = journey('counts', { on: 'item_added', hears: ['visited'] }, async (j) => {
  for (let left = 3; left > 0; left--) {
    const visit = await j.waitFor('visited', { within: '10 minutes' });
    if (!visit) return j.exit(`${left} were missing`);
  }
});

// Doing -------------------------------------------------------------------------------------------------------------

export const sendsNews = journey('sends-news', { on: 'item_added', hears: [] }, async (j) => {
  const news = await j.send('newsletter');
  const click = await j.waitFor(news.clicked, { within: '1 day' });
  await j.send('receipt', { total: 3 });
  return j.exit(`${news.status}, ${click ? 'clicked' : 'not clicked'}`);
});

export const sendsLater = journey('sends-later', { on: 'item_added', exitOn: ['left'] }, async (j) => {
  await j.sleep('10 minutes');
  const { status } = await j.send('hello');
  return j.exit(status);
});

export const sendsMany = journey('sends-many', { on: 'item_added' }, async (j) => {
  for (let percent = 1; percent <= 5; percent++) await j.send('offer', { percent });
  await j.sleep('1 day');
  await j.send('offer', { percent: 6 });
});

export const sendsManyHigh = journey('sends-many-high', { on: 'item_added', priority: 'high' }, async (j) => {
  for (let percent = 1; percent <= 5; percent++) await j.send('offer', { percent });
});

export const nudges = journey('nudges', { on: 'item_added' }, async (j) => {
  await j.send('nudge');
  await j.sleep('12 hours');
  await j.send('nudge');
  await j.sleep('13 hours');
  await j.send('nudge');
});

export const heldOut = journey('held-out', { on: 'item_added', holdout: 100 }, async (j) => {
  const { status } = await j.send('hello');
  await j.sleep('1 hour');
  return j.exit(status);
});

export const shadows = journey('shadows', { on: 'item_added', mode: 'shadow' }, async (j) => {
  await j.sleep('1 hour');
  await j.send('hello');
});

export const asks = journey('asks', { on: 'item_added' }, async (j) => {
  await j.sleep('10 minutes');
  const { count } = await j.check('visits', { path: '/help' });
  return j.exit(`${(await j.check('is-vip')) ? 'a vip' : 'somebody'} with ${count} visits`);
});

export const asksOddly = journey('asks-oddly', { on: 'item_added' }, async (j) => {
  const nothing = [await j.check('nothing'), await j.check('a-function')];
  const { date } = await j.check('oddities');
  return j.exit(`${JSON.stringify(nothing)} and ${typeof date}`);
});

export const asksTheSize = journey('asks-the-size', { on: 'item_added' }, async (j) => {
  await j.check('the-size');
});

export const tellsTheSize = journey('tells-the-size', { on: 'item_added' }, async (j) => {
  await j.check('echo', { text: 2n ** 64n });
});

export const saysWhatIsNotKept = journey('says-what-is-not-kept', { on: 'item_added' }, async (j) => {
  const half = '👋'.slice(0, 1);
  await j.update({ [`no\0te`]: half });
  const echo = await j.check('echo', { text: `\0${half}\\u0000👋` });
  return j.exit(`${half}${echo}`);
});

export const experiments = journey('experiments', { on: 'item_added' }, async (j) => {
  const patience = await j.experiment('patience', { '15 minutes': 50, '30 minutes': 50 });
  await j.sleep(patience);
  const offer = await j.experiment('offer', { none: 0, some: 100 });
  return j.exit(offer);
});

export const weighsWrongly = journey('weighs-wrongly', { on: 'item_added' }, async (j) => {
  const reckoned: Record<string, number> = { none: 10, some: 10 - 20 };
  return j.exit(await j.experiment('offer', reckoned));
});

/** By id, as a workflow's bundle has them. */
export const journeys: Record<string, Journey> = Object.fromEntries(
  [
    ...[sleeps, sleepsTwice, inTheMorning, beforeDate, idles, idlesOfVisits, idlesAfterSleep],
    ...[exitsAndGoal, exitsByItself, forgetsToReturn, forgetsToAwait, catches, throws, badDuration],
    ...[
      restarts,
      hearsRepeats,
      hearsItsCart,
      oneACart,
      oncePerHour,
      onceEver,
      bigCarts,
      oftenWithoutBuying,
      absentFrom,
    ],
    ...[waits, waitsLate, waitsFromNow, waitsForYes, races, waitsForClick, waitsForClicks, endsByClick, counts],
    ...[sendsNews, sendsLater, sendsMany, sendsManyHigh, nudges, heldOut, shadows],
    ...[asks, asksOddly, asksTheSize, tellsTheSize, saysWhatIsNotKept, experiments, weighsWrongly],
    ...changingJourneys,
    ...sandboxJourneys,
    ...guardJourneys,
  ].map((one) => [one.id, one]),
);
