/**
 * Random scenarios in which more goes on: other journeys beside the random one, late and repeated events, requests,
 * operators, and all of it also at the very time of a deadline. For clocks that stand still while something happens.
 */
import { createJourney, type Journey } from '../../src/journey';
import { seeded } from '../support/seeded';
import { guardJourneys } from './guard-journeys';
import { rewards } from './changing-journeys';
import * as j from './journeys';
import { links, randomScenario } from './random';
import { at, happens, type Scenario } from './scenario';

const journey = createJourney<j.ScenarioTypes>();

const nudgesToo = journey('nudges-too', { on: 'item_added', key: 'cart_id', topic: 'news' }, async (j) => {
  await j.send('nudge');
  await j.sleep('20 minutes');
  await j.send('nudge');
});

const others: Journey[] = [
  ...[j.absentFrom, rewards, j.nudges, j.restarts, j.oneACart, j.oftenWithoutBuying, j.bigCarts, j.hearsItsCart],
  ...[j.waitsForClick, j.sendsMany, j.exitsAndGoal, ...guardJourneys, nudgesToo],
];

export function busyScenario(seed: number): Omit<Scenario, 'expected'> {
  const of = seeded(seed).fork('what else happens');
  const { moments, ...scenario } = randomScenario(seed);
  const beside = [...new Set(Array.from({ length: 3 }, () => of.pick(others)))];
  const journeys = [scenario.journey, ...beside].map(({ id }) => id);
  const times = [...moments.map((one) => one.at), '10m', '60m', '70m', '1d', '7d', '7d 10m', '8d', '9d'];
  const time = () => (of.chance(0.3) ? of.pick(times) : `${10 * of.below(of.chance(0.8) ? 60 : 1_500)}m`);
  const more = Array.from({ length: of.below(14) }, () =>
    of.pick([
      () => at(time(), 'login', {}),
      () => happens(time(), { kind: 'event', event: 'login', late: of.pick(['30 minutes', '3 hours', '2 days']) }),
      () => happens(time(), { kind: 'event', event: 'item_added', late: of.pick(['30 minutes', '2 hours']) }),
      () => happens(time(), { kind: 'event', event: 'visited', late: '20 minutes', properties: { path: '/help' } }),
      () => happens(time(), { kind: 'event', event: 'item_added', id: 'm1', properties: { cart_id: 'c1' } }),
      () => happens(time(), { kind: 'event', event: 'replied', id: 'm1', properties: { answer: 'yes' } }),
      () => at(time(), 'item_added', { value: 3, cart_id: of.pick(['c1', 'c2', 'ada@example.com']) }),
      () =>
        happens(time(), { kind: 'event', event: 'add_to_cart', properties: { value: 30, cart_id: of.pick([1, 2]) } }),
      () => at(time(), 'visited', { path: '/desk' }),
      () => at(time(), 'bought', {}),
      () =>
        at(time(), 'message_clicked', {
          message: of.pick(['hello', 'offer', 'nudge', 'receipt'] as const),
          url: of.pick(links),
        }),
      () => happens(time(), { kind: 'request', journey: of.pick(journeys), facts: { cartValue: of.pick([20, 80]) } }),
      () => happens(time(), { kind: 'identify', traits: { email: of.pick([null, 'other@example.com', 'nobody']) } }),
      () => happens(time(), { kind: 'identify', traits: { timezone: 'America/New_York', plan: null } }),
      () => happens(time(), { kind: 'choose', topic: of.pick(['tips', 'news']), state: of.pick(['in', 'out']) }),
      () => happens(time(), { kind: 'choose', state: of.pick(['in', 'out']) }),
      () =>
        happens(time(), {
          ...{ kind: 'message', message: of.pick(['hello', 'offer', 'nudge', 'receipt']) },
          set: of.pick(['paused', 'paused', 'running', 'refused', 'uncertain']),
        }),
      () => happens(time(), { kind: 'mode', journey: of.pick(journeys), set: of.pick(['live', 'shadow', 'paused']) }),
      () => happens(time(), { kind: 'stop' }),
    ])(),
  );
  return { ...scenario, moments: [...moments, ...more], with: beside };
}
