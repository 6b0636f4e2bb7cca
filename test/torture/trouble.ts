/** Kills, hangs and starts again everything that there is, each on its own time, and switches journeys and messages off and on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { secretKey } from '../e2e/processes';
import type { Trouble } from './acknowledged';
import { post } from './report';
import type { Seeded } from './seeded';
import type { World } from './world';

export interface Pace {
  /** Between two troubles of one target, on average; milliseconds. */
  everyMs: number;
  /** Whether processes hang for longer than a lease lasts, too. */
  longHangs: boolean;
}

interface Target {
  name: string;
  /** How much rarer its troubles are than those of others. */
  rarer: number;
  kill(): Promise<void>;
  start(): Promise<void>;
  hang?(): void;
  goOn?(): void;
}

/** Resolves when `until` says so and everything is up again, and on. Rejects with what ended by itself. */
export async function makeTrouble(world: World, random: Seeded, pace: Pace, until: () => boolean): Promise<void> {
  await Promise.all([
    ...targets(world).map((target) => trouble(world, target, random.fork(target.name), pace, until)),
    switchOffAndOn(world, random.fork('switches'), until),
  ]);
  for (const one of [...journeys.map(journeySwitch), ...messages.map(messageSwitch)]) {
    await turn(world, random, `${one}/resume`);
  }
}

function targets({ stack }: World): Target[] {
  const { postgres, temporal } = stack;
  const roles = Object.entries(stack.roles).map(([name, role]): Target => {
    const checked = () => {
      if (!role.isRunning()) throw new Error(`${name} ended by itself:\n${role.output().slice(-3_000)}`);
    };
    return {
      name,
      rarer: 1,
      kill: async () => {
        checked();
        await role.kill();
      },
      start: role.start,
      hang: () => {
        checked();
        role.signal('SIGSTOP');
      },
      goOn: () => role.signal('SIGCONT'),
    };
  });
  const signalTemporal = (signal: NodeJS.Signals) => {
    const pid = temporal.pid();
    if (pid !== undefined) process.kill(pid, signal);
  };
  return [
    ...roles,
    { name: 'postgres', rarer: 2.5, ...postgres },
    {
      name: 'temporal',
      rarer: 2.5,
      ...temporal,
      hang: () => signalTemporal('SIGSTOP'),
      goOn: () => signalTemporal('SIGCONT'),
    },
  ];
}

async function trouble(
  { known }: World,
  target: Target,
  random: Seeded,
  { everyMs, longHangs }: Pace,
  until: () => boolean,
): Promise<void> {
  for (;;) {
    await sleepUnless(until, random.between(0.2, 1.8) * everyMs * target.rarer);
    if (until()) return;
    const made: Trouble = { target: target.name, kind: 'killed', from: Date.now(), until: Infinity };
    known.troubles.push(made);
    if (target.hang && random.chance(0.4)) {
      made.kind = 'hung';
      target.hang();
      const forLong = longHangs && random.chance(0.15);
      await sleep(forLong ? random.between(36_000, 45_000) : random.between(500, 6_000));
      target.goOn?.();
    } else {
      await target.kill();
      await sleep(random.between(0, 3_000));
      await startAgain(target);
    }
    made.until = Date.now();
  }
}

/** What it needs may be away, too: then it is tried again. */
async function startAgain(target: Target): Promise<void> {
  const giveUpAt = Date.now() + 180_000;
  for (;;) {
    try {
      return await target.start();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await target.kill().catch(() => undefined);
      await sleep(500);
    }
  }
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
  while (!isAnswered(await post(random.pick(apis) + path, {}, secretKey))) await sleep(200);
  made.until = Date.now();
}

async function sleepUnless(until: () => boolean, ms: number): Promise<void> {
  const end = Date.now() + ms;
  while (Date.now() < end && !until()) await sleep(Math.min(100, Math.max(1, end - Date.now())));
}
