/** Finding executables and putting new ones in place: complete or not at all, also with two processes at it. */
import { execFile } from 'node:child_process';
import { access, chmod, constants, mkdir, rename } from 'node:fs/promises';
import { homedir, platform } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where Sojourn keeps what it has downloaded or built: `$XDG_CACHE_HOME/sojourn`, or `~/.cache/sojourn`. */
export function defaultCacheDir(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.XDG_CACHE_HOME;
  return join(base !== undefined && base.startsWith('/') ? base : join(homedir(), '.cache'), 'sojourn');
}

/** The first executable of that name on the PATH. */
export async function onPath(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const file = join(folder, platform() === 'win32' ? `${name}.exe` : name);
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** What the program prints when run so; undefined when it fails or takes over 20 s. */
export async function output(file: string, args: string[], env?: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(file, args, { timeout: 20_000, env: env ?? process.env });
    return stdout + stderr;
  } catch {
    return undefined;
  }
}

/** Moves a complete file to its place; whoever comes second replaces the first's equal one. */
export async function install(complete: string, place: string): Promise<string> {
  await chmod(complete, 0o755);
  await mkdir(dirname(place), { recursive: true });
  await rename(complete, place);
  return place;
}

/** A name beside `place` for making it, on the same file system, so that it can be renamed. */
export async function halfName(place: string): Promise<string> {
  await mkdir(dirname(place), { recursive: true });
  return `${place}.half-${process.pid}-${Math.floor(Math.random() * 1e9)}`;
}
