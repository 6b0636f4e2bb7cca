/** Starts the stack on this machine for a command, says how far it is, and stops it at Ctrl-C. */
import type { Env } from '../config';
import type { Dev, DevOptions } from '../dev';
import { startUntilSignal } from '../stopping';
import { contentDir } from './output';

/** `ready` makes the lines that follow `Sojourn is ready`. */
export async function runStack(
  settings: () => Env | Promise<Env>,
  options: DevOptions,
  ready: (dev: Dev) => string[],
): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  say('Sojourn is starting');
  // Read only now, since it takes seconds.
  const { startDev } = await import('../dev');
  const env = await settings();
  const dev = await startUntilSignal(
    (stopped) => startDev(env, contentDir(), (line) => say(`  ${line}`), stopped, options),
    say,
  );
  if (dev) say(['Sojourn is ready', ...ready(dev)].join('\n'));
}
