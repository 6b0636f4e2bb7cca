/**
 * Journeys at random from a seed. Both clocks run them, so this file imports what a workflow may import, and nothing else.
 * All that they wait for is a multiple of ten minutes.
 */
import { createJourney, type Duration, type J, type Journey } from '../../src/journey';
import { seeded, type Seeded } from '../support/seeded';
import type { ScenarioTypes } from './journeys';

type Verbs = J<ScenarioTypes, 'item_added', 'replied' | 'visited'>;
/** Does something; what it comes to may decide what is done next. */
type Step = (j: Verbs) => Promise<unknown>;

const createRandom = createJourney<ScenarioTypes>();

export function randomJourney(seed: number): Journey {
  const of = seeded(seed);
  const header = {
    on: 'item_added',
    hears: ['replied', 'visited'],
    ...of.pick([{}, { exitOn: ['left'] }, { exitOn: ['left', { event: 'visited', where: { path: '/bye' } }] }]),
    ...of.pick([{}, {}, { goal: { event: 'bought', within: '1 day' } }]),
    ...of.pick([{}, {}, { entry: { once: 'per 1 hour' } }, { entry: { once: 'ever' } }]),
    ...of.pick([{}, {}, { onRepeat: 'restart' }, { key: 'cart_id' }]),
    ...of.pick([{}, {}, {}, { holdout: 50 }, { mode: 'shadow' }, { priority: 'high' }]),
  } as const;
  const steps = stepsOf(of, 6);
  return createRandom(`random-${seed}`, header as { on: 'item_added'; hears: ['replied', 'visited'] }, async (j) => {
    for (const step of steps) {
      const came = await step(j as unknown as Verbs);
      if (typeof came === 'string') return j.exit(came);
    }
  });
}

function stepsOf(of: Seeded, atMost: number): Step[] {
  return Array.from({ length: 1 + of.below(atMost) }, () => (of.chance(0.2) ? choice(of) : verb(of)));
}

/** One way or the other, by what a step came to; the end, now and then. */
function choice(of: Seeded): Step {
  const [asked, ways] = [verb(of), [stepsOf(of, 2), stepsOf(of, 2)] as const];
  const ends = of.chance(0.2);
  return async (j) => {
    const came = await asked(j);
    if (ends && came) return 'it was enough';
    for (const step of came ? ways[0] : ways[1]) {
      const end = await step(j);
      if (typeof end === 'string') return end;
    }
    return undefined;
  };
}

function verb(of: Seeded): Step {
  const within: Duration = `${10 * (1 + of.below(12))} minutes`;
  const path = of.pick(['/help', '/bye']);
  const percent = 1 + of.below(50);
  const plan = of.pick(['vip', 'basic']);
  return of.pick<Step>([
    (j) => j.sleep(within),
    (j) => j.sleepUntil({ next: '09:00' }),
    (j) => j.sleepUntil({ date: j.event.at + percent * 600_000 }),
    (j) => j.idle(within),
    (j) => j.idle(within, { of: ['visited'] }),
    async (j) => !!(await j.waitFor('replied', { within })),
    async (j) => !!(await j.waitFor('replied', { within, where: { answer: 'yes' } })),
    async (j) => !!(await j.waitFor('visited', { within, since: 'now' })),
    async (j) => (await j.waitFor(['replied', { event: 'visited', where: { path } }], { within }))?.event === 'visited',
    async (j) => (await j.check('visits', { path })).count > 1,
    (j) => j.check('is-vip'),
    async (j) => (await j.experiment('way', { one: 50, other: 50 })) === 'one',
    async (j) => (await j.send('hello')).status === 'sent',
    async (j) => (await j.send('offer', { percent })).status === 'sent',
    async (j) => (await j.send('nudge')).status === 'sent',
    async (j) => (await j.send('newsletter')).status === 'sent',
    async (j) => (await j.send('receipt', { total: percent })).status === 'sent',
    async (j) => !!(await j.waitFor((await j.send('hello')).clicked, { within })),
    (j) => j.update({ plan }),
    (j) => j.emit('rewarded', { points: percent }),
    (j) => j.emit('visited', { path }),
  ]);
}
