import { Command } from 'commander';
import { run } from './output';
import { runStack } from './run-stack';

export function startCommand(): Command {
  return new Command('start')
    .description('the whole of Sojourn on this machine, with embedded parts where the settings name no real ones')
    .addHelpText('after', '\nExample:\n  PORT=4000 sojourn start')
    .action(
      run(() =>
        runStack(
          () => process.env,
          {},
          (dev) => dev.addresses.map((line) => `  ${line}`),
        ),
      ),
    );
}
