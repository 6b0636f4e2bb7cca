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
        const say = (line: string) => void process.stdout.write(`${line}\n`);
        const starting = new AbortController();
        const begun = serve(names, process.env, contentDir(), starting.signal);
        stopOnSignals(async () => {
          starting.abort();
          await begun.then(
            (serving) => serving.stop(),
            () => undefined,
          );
        }, say);
        const { url, waitsFor } = await begun;
        if (starting.signal.aborted) return;
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
