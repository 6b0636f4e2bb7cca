import { Command } from 'commander';
import { startDev } from '../dev';
import { stopOnSignals } from '../stopping';
import { contentDir, run } from './output';

export function startCommand(): Command {
  return new Command('start')
    .description('the whole of Sojourn on this machine, with embedded parts where the settings name no real ones')
    .addHelpText('after', '\nExample:\n  PORT=4000 sojourn start')
    .action(
      run(async () => {
        const say = (line: string) => void process.stdout.write(`${line}\n`);
        const starting = new AbortController();
        const begun = startDev(process.env, contentDir(), (line) => say(`  ${line}`), starting.signal);
        stopOnSignals(async () => {
          starting.abort(new Error('Stopped while starting.'));
          await begun.then(
            (dev) => dev.stop(),
            () => undefined,
          );
        }, say);
        const dev = await begun;
        say(['Sojourn is ready', ...dev.addresses.map((line) => `  ${line}`)].join('\n'));
      }),
    );
}
