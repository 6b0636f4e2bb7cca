/**
 * PostgreSQL refuses to run as root. Started as root, as in containers, Sojourn runs it as the user `postgres`, who is
 * made if need be, and keeps its files where that user may reach them.
 */
import { execFile } from 'node:child_process';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PartError } from './errors';

export interface UnixUser {
  uid: number;
  gid: number;
}

const run = promisify(execFile);
const name = 'postgres';

/** The user to run PostgreSQL as; undefined when we are not root and so run it ourselves. */
export async function postgresUser(): Promise<UnixUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const known = await lookUp();
  if (known) return known;
  try {
    await run('groupadd', ['--force', '--system', name]);
    await run('useradd', ['--system', '--no-create-home', '-g', name, name]);
  } catch (error) {
    // Another process may have made the user meanwhile.
    const made = await lookUp();
    if (made) return made;
    throw new PartError(
      'PostgreSQL',
      `it can't run as root, and the user '${name}' can't be made (${firstLine(error)})`,
      `Make a user named '${name}', start Sojourn as another user, or set DATABASE_URL.`,
    );
  }
  const made = await lookUp();
  if (!made) throw new PartError('PostgreSQL', `the user '${name}' was made but is not found`, 'Set DATABASE_URL.');
  return made;
}

async function lookUp(): Promise<UnixUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

/** Whether that user may pass through every folder down to `path`, by the folders' modes. */
export async function canReach(path: string, { uid, gid }: UnixUser): Promise<boolean> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory()) {
      const bit = found.uid === uid ? 0o100 : found.gid === gid ? 0o010 : 0o001;
      if ((found.mode & bit) === 0) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}

/** A folder that any user may pass through and that survives restarts. Only asked for as root. */
export async function sharedFolder(): Promise<string> {
  const folder = '/var/lib/sojourn';
  await mkdir(folder, { recursive: true, mode: 0o755 });
  return folder;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
