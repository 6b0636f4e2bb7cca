/** Kills, hangs, stops and starts again everything that there is, each on its own time, and switches journeys and messages off and on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { secretKey } from '../e2e/processes';
import type { Trouble } from './acknowledged';
import { post } from './report';
import type { Seeded } from '../support/seeded';
import { deployAgainAndAgain } from './deploys';
import { sleepUnless, type Pace } from './pace';
import { restart, startAgain, targetsOf, type Target } from './targets';
import type { World } from './world';

/** Resolves when `until` says so and everything is up again, and on. Rejects with what ended by itself. */
export async function makeTrouble(world: World, random: Seeded, pace: Pace, until: () => boolean): Promise<void> {
  const targets = targetsOf(world);
  await Promise.all([
    ...targets.map((target) => trouble(world, target, random.fork(target.name), pace, until)),
    ...(pace.deploys ? [deployAgainAndAgain(world, targets, random.fork('deploys'), pace, until)] : []),
    switchOffAndOn(world, random.fork('switches'), until),
  ]);
  for (const one of [...journeys.map(journeySwitch), ...messages.map(messageSwitch)]) {
    await turn(world, random, `${one}/resume`);
  }
}

async function trouble(world: World, target: Target, random: Seeded, pace: Pace, until: () => boolean): Promise<void> {
  for (;;) {
    await sleepUnless(until, random.between(0.2, 1.8) * pace.everyMs * target.rarer);
    if (until()) return;
    await target.alone(() => makeOne(world, target, random, pace));
  }
}

async function makeOne(world: World, target: Target, random: Seeded, { longHangs }: Pace): Promise<void> {
  const roll = random.next();
  if (target.stop && roll >= 0.8) return restart(world, target, random.between(0, 3_000));
  const made: Trouble = { target: target.name, kind: 'killed', from: Date.now(), until: Infinity };
  world.known.troubles.push(made);
  if (roll < 0.35) {
    made.kind = 'hung';
    target.hang();
    const forLong = longHangs && random.chance(0.15);
    await sleep(forLong ? random.between(36_000, 45_000) : random.between(500, 6_000));
    target.goOn();
  } else {
    await target.kill();
    await sleep(random.between(0, 3_000));
    await startAgain(target);
  }
  made.until = Date.now();
}

const journeys = ['reminder', 'listener', 'order', 'nudge', 'asked'];
const messages = ['note', 'nudge', 'tip', 'receipt'];
const journeySwitch = (journey: string) => `/v1/journeys/${journey}`;
const messageSwitch = (message: string) => `/v1/templates/${message}`;

async function switchOffAndOn(world: World, random: Seeded, until: () => boolean): Promise<void> {
  while (!until()) {
    await sleepUnless(until, random.between(2_000, 6_000));
    if (until()) return;
    const path = random.chance(0.5)
      ? `/v1/journeys/${random.pick(journeys)}`
      : `/v1/templates/${random.pick(messages)}`;
    await turn(world, random, `${path}/pause`);
    await sleepUnless(until, random.between(1_000, 4_000));
    const on = path.startsWith('/v1/journeys') && random.chance(0.3) ? 'start' : 'resume';
    await turn(world, random, `${path}/${on}`);
  }
}

async function turn({ apis, known }: World, random: Seeded, path: string): Promise<void> {
  const made: Trouble = { target: path, kind: 'paused', from: Date.now(), until: Date.now() };
  known.troubles.push(made);
  // Of what was so already, the answer may be another one.
  const isAnswered = ({ status }: { status: number }) => status >= 200 && status < 500;
  while (!isAnswered(await post(random.pick(apis) + path, {}, secretKey))) {
    made.asked = (made.asked ?? 1) + 1;
    await sleep(200);
  }
  made.until = Date.now();
}
