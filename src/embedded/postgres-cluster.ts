/**
 * The folder of the embedded PostgreSQL: made under a temporary name and renamed when complete, so that an
 * interrupted start leaves no half of one; a broken one is named, never overwritten.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, lstat, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PartError, type Log } from './errors';
import type { PostgresBinaries } from './postgres-binaries';
import { canReach, sharedFolder, type UnixUser } from './unix-user';

/** What a start must find again; kept in the data folder, readable by its owner only. */
export interface ClusterNote {
  folder: string;
  password: string;
  port?: number;
}

const part = 'PostgreSQL';
const noteFile = 'postgres.json';

/** Finds the cluster of this data folder, or makes it. */
export async function openCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  { user, log }: { user?: UnixUser; log: Log },
): Promise<ClusterNote> {
  const kept = await readNote(dataDir);
  const note = kept ?? { folder: await chooseFolder(dataDir, user, log), password: randomBytes(18).toString('hex') };
  const state = await examineCluster(note.folder, binaries.version);
  if (state === 'absent') {
    if (!kept) await writeNote(dataDir, note);
    log('PostgreSQL: making its data folder');
    await initialise(note, binaries, user);
  } else if (!kept) {
    throw broken(note.folder, `it is there, but ${join(dataDir, noteFile)} with its password is not`);
  }
  return note;
}

export async function writeNote(dataDir: string, note: ClusterNote): Promise<void> {
  const half = join(dataDir, `${noteFile}.${process.pid}`);
  await writeFile(half, JSON.stringify(note), { mode: 0o600 });
  await rename(half, join(dataDir, noteFile));
}

export async function readNote(dataDir: string): Promise<ClusterNote | undefined> {
  const file = join(dataDir, noteFile);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const { folder, password, port } = JSON.parse(text) as Partial<ClusterNote>;
    if (folder && password) return { folder: resolve(dataDir, folder), password, port };
  } catch {
    // Said below: what can't be read and what lacks its fields are the same to whom it concerns.
  }
  throw broken(file, 'it is damaged');
}

/** Inside the data folder; as root, where the user `postgres` can't pass through to it, under /var/lib/sojourn. */
async function chooseFolder(dataDir: string, user: UnixUser | undefined, log: Log): Promise<string> {
  if (!user) return join(dataDir, 'postgres');
  // Our own folder may be opened for passing through (not for looking in); those above it are not ours to change.
  if (await canReach(dirname(dataDir), user)) await chmod(dataDir, ((await stat(dataDir)).mode & 0o7777) | 0o001);
  if (await canReach(dataDir, user)) return join(dataDir, 'postgres');
  // A name of its own each time: who removed the data folder wants an empty one, not the data of before.
  const folder = join(await sharedFolder(), randomBytes(8).toString('hex'), 'postgres');
  await mkdir(dirname(folder), { recursive: true, mode: 0o755 });
  log(`PostgreSQL can't run as root, and its user can't reach ${dataDir}: its data is kept in ${folder}`);
  return folder;
}

/** Throws a clear `PartError` for a cluster that is there but can't be used. */
export async function examineCluster(folder: string, version: string): Promise<'absent' | 'complete'> {
  const entries = await readdir(folder).catch(() => undefined);
  if (!entries || entries.length === 0) return 'absent';
  const made = (await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  const major = version.split('.')[0];
  if (made === '' || !(await isFile(join(folder, 'global', 'pg_control')))) {
    throw broken(folder, 'parts of it are missing');
  }
  if (made !== major) throw broken(folder, `it was made by PostgreSQL ${made}, and this is PostgreSQL ${major}`);
  return 'complete';
}

async function initialise(note: ClusterNote, binaries: PostgresBinaries, user: UnixUser | undefined): Promise<void> {
  const parent = dirname(note.folder);
  await mkdir(parent, { recursive: true });
  for (const left of await readdir(parent)) {
    if (left.startsWith('postgres.half-')) await rm(join(parent, left), { recursive: true, force: true });
  }
  const half = await mkdtemp(`${note.folder}.half-`);
  const passwordFile = `${half}/password`;
  const cluster = `${half}/data`;
  try {
    await writeFile(passwordFile, `${note.password}\n`, { mode: 0o600 });
    await mkdir(cluster, { mode: 0o700 });
    await chmod(half, 0o711);
    if (user) for (const path of [passwordFile, cluster]) await chown(path, user.uid, user.gid);
    const flags = ['--username=sojourn', '--auth=scram-sha-256', '--encoding=UTF8', '--no-instructions'];
    const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const where = [`--pgdata=${cluster}`, `--pwfile=${passwordFile}`];
    await promisify(execFile)(binaries.initdb, [...where, ...flags, ...locale], { cwd: half, ...user });
    await rename(cluster, note.folder);
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new PartError(
      part,
      `its data folder ${note.folder} can't be made (${said.split('\n').slice(-2).join(' ')})`,
      'Look whether the disk is full or the folder read-only, or name another one in SOJOURN_DATA.',
    );
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

export function broken(path: string, why: string): PartError {
  return new PartError(
    part,
    `its data in ${path} can't be used: ${why}`,
    'Restore it from a backup, or remove the data folder to start with an empty one, or name another in SOJOURN_DATA.',
  );
}

async function isFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
