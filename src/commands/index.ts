import { Command } from 'commander';
import { doctorCommand } from './doctor';
import { journeysCommand } from './journeys';
import { keysCommand } from './keys';
import { migrateCommand } from './migrate';
import { peopleCommand } from './people';
import { serveCommand } from './serve';
import { simulateCommand } from './simulate';
import { startCommand } from './start';

export function program(): Command {
  const sojourn = new Command('sojourn')
    .description('User journeys as code: durable, provable, and able to say why.')
    .showHelpAfterError('(see: sojourn --help)')
    .configureHelp({ sortSubcommands: true });
  for (const command of [
    startCommand(),
    serveCommand(),
    migrateCommand(),
    doctorCommand(),
    keysCommand(),
    journeysCommand(),
    peopleCommand(),
    simulateCommand(),
  ]) {
    sojourn.addCommand(command);
  }
  return sojourn;
}
