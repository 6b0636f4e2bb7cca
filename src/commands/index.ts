/** The subcommands, each loaded when it is named: `sojourn init` need not wait for Temporal's worker to be read. */
import { Command } from 'commander';

const subcommands: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./start')).startCommand(),
  demo: async () => (await import('./demo')).demoCommand(),
  init: async () => (await import('./init')).initCommand(),
  serve: async () => (await import('./serve')).serveCommand(),
  migrate: async () => (await import('./migrate')).migrateCommand(),
  doctor: async () => (await import('./doctor')).doctorCommand(),
  keys: async () => (await import('./keys')).keysCommand(),
  journeys: async () => (await import('./journeys')).journeysCommand(),
  people: async () => (await import('./people')).peopleCommand(),
  simulate: async () => (await import('./simulate')).simulateCommand(),
};

/** The `sojourn` command for these arguments: with the subcommand that they name, or with all, as its help needs them. */
export async function program(args: readonly string[]): Promise<Command> {
  const sojourn = new Command('sojourn')
    .description('User journeys as code: durable, provable, and able to say why.')
    .showHelpAfterError('(see: sojourn --help)')
    .configureHelp({ sortSubcommands: true });
  const named = subcommands[args[0] ?? ''];
  for (const load of named ? [named] : Object.values(subcommands)) sojourn.addCommand(await load());
  return sojourn;
}
