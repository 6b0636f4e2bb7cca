/** Starts the stack on this machine for a command, says how far it is, and stops it at Ctrl-C. */
import type { Env } from '../config';
import { startDev, type Dev, type DevOptions } from '../dev';
import { stopOnSignals } from '../stopping';
import { contentDir } from './output';

/** `ready` makes the lines that follow `Sojourn is ready`. */
export async function runStack(env: Env, options: DevOptions, ready: (dev: Dev) => string[]): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const starting = new AbortController();
  const begun = startDev(env, contentDir(), (line) => say(`  ${line}`), starting.signal, options);
  stopOnSignals(async () => {
    starting.abort(new Error('Stopped while starting.'));
    await begun.then(
      (dev) => dev.stop(),
      () => undefined,
    );
  }, say);
  try {
    const dev = await begun;
    if (!starting.signal.aborted) say(['Sojourn is ready', ...ready(dev)].join('\n'));
  } catch (error) {
    // Whoever stopped it knows.
    if (!starting.signal.aborted) throw error;
  }
}
