/**
 * The folder in which one test run keeps everything it makes. What a test left running at the end fails the run;
 * what a run that was killed left behind, processes too, is cleared by the next one.
 */
import { chmod, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcess, identify, isAlive, readRecord } from '../../src/embedded/process-record';

const prefix = 'sojourn-run-';
export const runFolderSetting = 'TEST_RUN_FOLDER';

export async function makeRunFolder(): Promise<string> {
  await clearAbandoned();
  const folder = await mkdtemp(join(tmpdir(), prefix));
  await chmod(folder, 0o755);
  // Whole at once: another run may look for it now.
  await writeFile(join(folder, 'owner.half'), JSON.stringify(await identify(process.pid)));
  await rename(join(folder, 'owner.half'), join(folder, 'owner.json'));
  return folder;
}

/** A folder of its own, which the user `postgres` may pass through. */
export async function makeScratch(purpose: string): Promise<string> {
  const folder = await mkdtemp(join(process.env[runFolderSetting] ?? tmpdir(), `${purpose}-`));
  await chmod(folder, 0o755);
  return folder;
}

export async function removeScratch(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Ends the processes that are left, removes all files, and says which processes there were. */
export async function clearRunFolder(folder: string): Promise<string[]> {
  const left: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const processes = await endProcesses(join(folder, entry.name));
    left.push(...processes.map((pid) => `process ${pid} (${entry.name})`));
  }
  await removeScratch(folder);
  return left;
}

async function endProcesses(folder: string): Promise<number[]> {
  const ended: number[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    if (!/(^|\/)(postgres|temporal)\.pid$/.test(name)) continue;
    const record = await readRecord(join(folder, name));
    if (!record || !(await isAlive(record.child))) continue;
    await endProcess(record.child, 'SIGINT', 5_000);
    ended.push(record.child.pid);
  }
  return ended;
}

async function clearAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(tmpdir(), name);
    const owner = await readFile(join(folder, 'owner.json'), 'utf8').catch(() => undefined);
    // One without an owner is being made at this moment.
    if (owner !== undefined && !(await isAlive(JSON.parse(owner)))) await clearRunFolder(folder).catch(ifNotGone);
  }
}

/** Another run that begins at this moment clears the same folder, and goes on to its end. */
function ifNotGone(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
