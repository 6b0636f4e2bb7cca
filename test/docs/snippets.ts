/**
 * Runs the documents' code as a reader would: shell by bash, TypeScript by tsx, Python by the interpreter that `.ci/run`
 * has made, each in a folder of its own from which the repository's packages are found.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultCacheDir } from '../../src/embedded/executable';
import { blocks, type Block } from '../house/docs';
import { root } from '../house/sources';
import { scratchFolder } from '../support';

/** The document's blocks of a language; under one heading, if it is given. */
export function snippets(document: string, language: string, heading?: string): string[] {
  const isAsked = (block: Block) =>
    block.language === language && (heading === undefined || block.heading === heading) && !isToFillIn(block);
  const found = blocks(document).filter(isAsked);
  if (found.length === 0) throw new Error(`${document} has no ${language} under '${heading}'`);
  return found.map(({ text }) => text);
}

/** Settings that the reader has to give: `export KEY=…`. */
export const isToFillIn = ({ text }: Block): boolean => /^export \w+=…/m.test(text);

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export type Environment = Record<string, string>;

async function run(command: string, args: string[], env: Environment, cwd: string): Promise<Ran> {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ran: Ran = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (ran.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (ran.stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { ...ran, code };
}

/** `npx sojourn` is what npx would find, without npx. */
const withoutNpx = (text: string): string => text.replaceAll('npx sojourn', `node ${join(root, 'bin/sojourn.mjs')}`);

export async function runShell(text: string, env: Environment, cwd = root): Promise<Ran> {
  return run('bash', ['-euc', withoutNpx(text)], env, cwd);
}

export interface Running {
  /** What it has printed so far. */
  stdout(): string;
  stderr(): string;
  /** SIGTERM to the shell and all that it runs, as a terminal does with Ctrl-C; resolves when they have ended. */
  stop(): Promise<void>;
}

/** Shell whose last command goes on until it is stopped. */
export function startShell(text: string, env: Environment, cwd = root): Running {
  const child = spawn('bash', ['-euc', withoutNpx(text)], {
    ...{ cwd, env: { ...process.env, ...env }, detached: true },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return {
    stdout: () => stdout,
    stderr: () => stderr,
    async stop() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
      await ended;
    },
  };
}

export async function runTypeScript(text: string, env: Environment): Promise<Ran> {
  const folder = await scratchFolder();
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'snippet.ts'), text);
  return run(process.execPath, ['--import', 'tsx', 'snippet.ts'], env, folder);
}

const python = join(defaultCacheDir(), 'python', 'bin', 'python');

/** Why there is no Python with Temporal's client, or nothing when there is. */
export const noPython =
  spawnSync(python, ['-c', 'import temporalio']).status === 0
    ? undefined
    : `there is no ${python}: make it with python3 -m venv and pip install temporalio, as .ci/run does`;

/**
 * Leaves at once after the last line: the client's threads may crash the interpreter while it takes itself down, with all
 * done (temporalio/sdk-python#300). What the code itself raises ends it before that, with 1.
 */
const leave = '\nimport os, sys\nsys.stdout.flush()\nos._exit(0)\n';

export async function runPython(text: string, env: Environment): Promise<Ran> {
  return run(python, ['-c', text + leave], env, await scratchFolder());
}
