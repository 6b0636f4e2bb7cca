/** Starts the stack on this machine for a command, says how far it is, and stops it at Ctrl-C. */
import type { Env } from '../config';
import { startDev, type Dev, type DevOptions } from '../dev';
import { startUntilSignal } from '../stopping';
import { contentDir } from './output';

/** `ready` makes the lines that follow `Sojourn is ready`. */
export async function runStack(env: Env, options: DevOptions, ready: (dev: Dev) => string[]): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const dev = await startUntilSignal(
    (stopped) => startDev(env, contentDir(), (line) => say(`  ${line}`), stopped, options),
    say,
  );
  if (dev) say(['Sojourn is ready', ...ready(dev)].join('\n'));
}
