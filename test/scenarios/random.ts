/** What happens in random scenarios: each thing at minutes of the hour that are nothing else's, and no deadline's. */
import { seeded } from '../support/seeded';
import { randomJourney } from './random-journeys';
import { at, begin, happens, type Scenario } from './scenario';

/** The links of every message. */
export const links = ['https://shop.example/one', 'https://shop.example/two'];

/** SCENARIOS_SEED plays again what went another way; SCENARIOS plays so many. */
export function seedsToPlay(count: number): number[] {
  const { SCENARIOS_SEED, SCENARIOS } = process.env;
  const first = Number(SCENARIOS_SEED ?? Math.floor(Math.random() * 1e6));
  return Array.from({ length: Number(SCENARIOS ?? count) }, (_, n) => first + n);
}

export function randomScenario(seed: number): Omit<Scenario, 'expected'> {
  const of = seeded(seed).fork('what happens');
  const minutes = [2, 3, 4, 5, 6, 7, 8];
  const moments = minutes.slice(0, 1 + of.below(minutes.length)).map((minute) => {
    const time = `${10 * of.below(48) + minute}m`;
    return of.pick([
      () => at(time, 'item_added', { value: of.below(100), cart_id: of.pick(['c1', 'c2']) }),
      () => at(time, 'replied', { answer: of.pick(['yes', 'no']) }),
      () => at(time, 'replied', { answer: 'yes' }),
      () => at(time, 'visited', { path: of.pick(['/help', '/bye', '/']) }),
      () => at(time, 'visited', { path: '/help' }),
      () => at(time, 'bought', {}),
      () => at(time, 'left', {}),
      () => at(time, 'login', {}),
      () => at(time, 'message_clicked', { message: 'hello', url: of.pick(links) }),
      () => happens(time, { kind: 'identify', traits: { plan: of.pick(['vip', 'basic']) } }),
      () => happens(time, { kind: 'choose', topic: of.pick(['tips', 'news']), state: of.pick(['in', 'out']) }),
      () => happens(time, { kind: 'choose', state: of.pick(['in', 'out']) }),
      () =>
        happens(time, {
          kind: 'message',
          message: of.pick(['hello', 'offer', 'nudge', 'receipt']),
          set: of.pick(['paused', 'running', 'refused', 'uncertain']),
        }),
      () => happens(time, { kind: 'mode', journey: `random-${seed}`, set: of.pick(['live', 'shadow', 'paused']) }),
      () => happens(time, { kind: 'stop', reason: 'enough' }),
      () => happens(time, { kind: 'erase' }),
    ])();
  });
  return {
    name: `random, seed ${seed}`,
    journey: randomJourney(seed),
    moments: [begin, ...moments],
    traits: of.pick([{}, { plan: 'vip' }, { timezone: 'Europe/Berlin' }]),
    consents: of.pick<Record<string, 'in' | 'out'>>([{}, {}, { tips: 'out' }, { news: 'in' }]),
    personId: String(1 + of.below(1_000)),
  };
}
