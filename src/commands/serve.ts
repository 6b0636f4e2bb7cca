import { Command, InvalidArgumentError } from 'commander';
import { roles, serve, type RoleName } from '../serve';
import { stopOnSignals } from '../stopping';
import { contentDir, run } from './output';

export function serveCommand(): Command {
  return new Command('serve')
    .description('production processes: any subset of the roles against real parts')
    .option('--roles <roles>', `of ${roles.join(', ')}`, parseRoles, [...roles])
    .addHelpText('after', '\nExample:\n  sojourn serve --roles api,router')
    .action(
      run(async ({ roles: names }: { roles: RoleName[] }) => {
        const serving = await serve(names, process.env, contentDir());
        const say = (line: string) => void process.stdout.write(`${line}\n`);
        stopOnSignals(() => serving.stop(), say);
        say(`Sojourn is ready: ${names.join(', ')}${serving.url ? ` on ${serving.url}` : ''}`);
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
