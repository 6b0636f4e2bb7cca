/** The data folder belongs to one Sojourn at a time: its parts' files would not survive two. */
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PartError, type Log } from './errors';
import { identify, isAlive, readRecord, writeRecord } from './process-record';

export interface DataFolder {
  release(): Promise<void>;
}

/** Makes the folder if need be and takes it. Throws a `PartError` that names the process which has it. */
export async function takeDataFolder(folder: string): Promise<DataFolder> {
  const lock = lockFile(folder);
  const mine = `${lock}.${process.pid}`;
  const self = await identify(process.pid);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(mine, JSON.stringify({ child: self, owner: self }), { mode: 0o600 });
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new PartError('data folder', `${folder} can't be written (${why})`, 'Name another one in SOJOURN_DATA.');
  }
  try {
    for (;;) {
      // A hard link is made by one process only, and the file is complete by then.
      const taken = await link(mine, lock).then(
        () => true,
        () => false,
      );
      if (taken) return { release: () => rm(lock, { force: true }) };
      const record = await readRecord(lock);
      if (record && (await isAlive(record.owner))) {
        throw new PartError(
          'data folder',
          `${folder} is in use by another Sojourn (process ${record.owner.pid})`,
          'Stop that one, or name another folder in SOJOURN_DATA.',
        );
      }
      await rm(lock, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

const lockFile = (folder: string): string => join(folder, 'sojourn.pid');
const stoppingFile = (folder: string): string => join(folder, 'stopping.pid');

/**
 * Says that the Sojourn of this process is on its way out, so that one that is started meanwhile waits for it. One that
 * never had the folder says nothing.
 */
export async function announceStop(folder: string): Promise<void> {
  const holder = await readRecord(lockFile(folder));
  if (holder?.owner.pid === process.pid) await writeRecord(stoppingFile(folder), process.pid);
}

/** Waits for a Sojourn that has announced its stop, as after Ctrl-C and a quick second start; at most a minute. */
export async function waitForStop(folder: string, log: Log): Promise<void> {
  const record = await readRecord(stoppingFile(folder));
  const deadline = Date.now() + 60_000;
  if (record && (await isAlive(record.owner))) log(`Waiting for process ${record.owner.pid}, which is stopping`);
  while (record && (await isAlive(record.owner)) && Date.now() < deadline) await sleep(100);
  await rm(stoppingFile(folder), { force: true });
}
