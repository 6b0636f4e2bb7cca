import { relative } from 'node:path';
import { Command } from 'commander';
import { initProject } from '../init';
import { print, run, withJson } from './output';

export function initCommand(): Command {
  return withJson(
    new Command('init').description("a new folder for a team's own journeys, with this package as its engine"),
    'sojourn init my-journeys',
  )
    .argument('<dir>', 'a folder that is new or empty')
    .option('--name <name>', "the project's name; the folder's unless given")
    .option('--engine <spec>', 'where sojourn comes from, as npm takes it: a version, or file:../sojourn.tgz')
    .action(
      run(async (dir: string, { name, engine, json }: { name?: string; engine?: string; json?: boolean }) => {
        const made = await initProject({ dir, name, engine, say: (line) => process.stderr.write(`${line}\n`) });
        const there = relative(process.cwd(), made.dir) || '.';
        const next = [...(there === '.' ? [] : [`cd ${quoted(there)}`]), 'npm install', 'npm test', 'npm start'];
        const lines = [
          `Made ${made.name}: ${made.files.length} files in ${made.dir}`,
          'Next:',
          ...next.map((line) => `  ${line}`),
        ];
        print(json, { ...made, next }, lines.join('\n'));
      }),
    );
}

const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);
