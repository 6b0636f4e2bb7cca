import { Command, InvalidArgumentError } from 'commander';
import { roles, serve, type RoleName } from '../serve';
import { startUntilSignal } from '../stopping';
import { contentDir, run } from './output';

export function serveCommand(): Command {
  return new Command('serve')
    .description('production processes: any subset of the roles against real parts')
    .option('--roles <roles>', `of ${roles.join(', ')}`, parseRoles, [...roles])
    .addHelpText('after', '\nExample:\n  sojourn serve --roles api,router')
    .action(
      run(async ({ roles: names }: { roles: RoleName[] }) => {
        const say = (line: string) => void process.stdout.write(`${line}\n`);
        const serving = await startUntilSignal((stopped) => serve(names, process.env, contentDir(), stopped), say);
        if (!serving) return;
        const { url, waitsFor } = serving;
        const where = url ? ` on ${url}` : '';
        say(`Sojourn is ready: ${names.join(', ')}${where}${waitsFor ? `; the worker waits for ${waitsFor}` : ''}`);
      }),
    );
}

function parseRoles(text: string): RoleName[] {
  const names = text.split(',').map((name) => name.trim());
  return names.map((name) => {
    const role = roles.find((one) => one === name);
    if (!role) throw new InvalidArgumentError(`'${name}' is none of ${roles.join(', ')}.`);
    return role;
  });
}
