/** A team's own project as they make it: `sojourn init`, then npm in the new folder, with nothing of this repository in reach. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = resolve(fileURLToPath(new URL('.', import.meta.url)), '../../bin/sojourn.mjs');

export interface Ended {
  code: number | null;
  stdout: string;
  /** Both streams, as they came. */
  output: string;
}

/** A terminal's settings: none of those that Vitest and npm give their own children. */
const terminal = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$|NODE_OPTIONS$|npm_(?!config_))/.test(name)),
);

export const init = (cwd: string, ...args: string[]): Promise<Ended> =>
  runToEnd(process.execPath, [bin, 'init', ...args], cwd);
export const npm = (cwd: string, ...args: string[]): Promise<Ended> => runToEnd('npm', args, cwd);

/** Whether npm reaches a registry: an install needs one. */
export async function registryAnswers(): Promise<boolean> {
  const { code } = await runToEnd('npm', ['view', 'zod', 'version', '--fetch-retries=1', '--fetch-timeout=20000'], '/');
  return code === 0;
}

export interface Running {
  output(): string;
  ended: Promise<unknown>;
  /** As Ctrl-C: to npm and what it started. */
  stop(): Promise<void>;
}

export function start(cwd: string, settings: Record<string, string>): Running {
  const child = spawn('npm', ['start'], { cwd, env: { ...terminal, ...settings }, stdio: 'pipe', detached: true });
  const output = collect(child);
  const ended = once(child, 'close');
  return {
    output: () => output.all,
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      process.kill(-child.pid, 'SIGINT');
      await ended;
    },
  };
}

async function runToEnd(program: string, args: string[], cwd: string): Promise<Ended> {
  const child = spawn(program, args, { cwd, env: terminal, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collect(child);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: output.stdout, output: output.all };
}

function collect(child: ChildProcess): { stdout: string; all: string } {
  const output = { stdout: '', all: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString();
    output.all += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => (output.all += chunk.toString()));
  return output;
}
