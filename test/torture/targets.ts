/** What trouble is made for, each by its name: how it is killed, hung, stopped in order, and started again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { oneByOne } from '../../src/runtime/simulated/one-by-one';
import type { World } from './world';

export interface Target {
  name: string;
  /** How much rarer its troubles are than those of others. */
  rarer: number;
  kill(): Promise<void>;
  start(): Promise<void>;
  hang(): void;
  goOn(): void;
  /** Of Sojourn's own processes: SIGTERM. Resolves with the exit code, or null when it was killed at last. */
  stop?(): Promise<number | null>;
  /** One trouble at a time: what is called while another is under way waits for it. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** Where a process does not end, and nobody would: longer than any invariant allows it. */
const giveUpStopMs = 300_000;

export function targetsOf({ stack, contents, serving }: World): Target[] {
  const { postgres, temporal } = stack;
  const roles = Object.entries(stack.roles).map(([name, role]): Target => {
    const checked = () => {
      if (!role.isRunning()) throw new Error(`${name} ended by itself:\n${role.output().slice(-3_000)}`);
    };
    return {
      name,
      rarer: 1,
      alone: oneByOne(),
      kill: async () => {
        checked();
        await role.kill();
      },
      start: () => {
        serving.set(name, contents.generation());
        return role.start();
      },
      hang: () => {
        checked();
        role.signal('SIGSTOP');
      },
      goOn: () => role.signal('SIGCONT'),
      stop: async () => {
        checked();
        const late = new AbortController();
        const killing = sleep(giveUpStopMs, undefined, { signal: late.signal }).then(
          () => role.kill(),
          () => undefined,
        );
        const code = await role.stop();
        late.abort();
        await killing;
        return code;
      },
    };
  });
  const signalTemporal = (signal: NodeJS.Signals) => {
    const pid = temporal.pid();
    if (pid !== undefined) process.kill(pid, signal);
  };
  // The parts' own `stop` is for good.
  const part = ({ kill, start }: Pick<Target, 'kill' | 'start'>) => ({ rarer: 2.5, alone: oneByOne(), kill, start });
  return [
    ...roles,
    { name: 'postgres', ...part(postgres), hang: postgres.hang, goOn: postgres.goOn },
    {
      name: 'temporal',
      ...part(temporal),
      hang: () => signalTemporal('SIGSTOP'),
      goOn: () => signalTemporal('SIGCONT'),
    },
  ];
}

/** What it needs may be away, too: then it is tried again. */
export async function startAgain(target: Target): Promise<void> {
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

/** Stops it in order, which is written down, and starts it again. */
export async function restart({ known }: World, target: Target, awayMs = 0): Promise<void> {
  if (!target.stop) throw new Error(`${target.name} is not stopped in order`);
  const made = { target: target.name, kind: 'stopped' as const, from: Date.now(), until: Infinity };
  known.troubles.push(made);
  const stop = { target: target.name, from: made.from, until: Infinity, code: null as number | null };
  known.stops.push(stop);
  stop.code = await target.stop();
  stop.until = Date.now();
  if (awayMs > 0) await sleep(awayMs);
  await startAgain(target);
  made.until = Date.now();
}
