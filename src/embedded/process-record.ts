/**
 * Which process runs a part, kept in a file beside its data. A process killed with SIGKILL leaves its children
 * behind; the next start finds them here and takes them down, but never touches those of a Sojourn that still runs.
 */
import { execFile } from 'node:child_process';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PartError, type Log } from './errors';

/** A pid alone may be another process by now; together with its start it names one. */
export interface ProcessIdentity {
  pid: number;
  started: string;
}

export interface ProcessRecord {
  child: ProcessIdentity;
  owner: ProcessIdentity;
}

/**
 * Who has this pid now; undefined when nobody, or only a dead one that nobody has reaped. A process of many threads is
 * dead with the last of them: until then its ports are taken.
 */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  if (platform() === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    // The command's name, in brackets, may hold spaces and brackets: fields are counted after the last one.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (!fields) return undefined;
    const [isDead, threads] = [fields[0] === 'Z' || fields[0] === 'X', Number(fields[17])];
    if (isDead && threads <= 1) return undefined;
    return { pid, started: fields[19] ?? '' };
  }
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=,stat=', '-p', String(pid)]);
    return /\sZ/.test(stdout) ? undefined : { pid, started: stdout.trim().split(/\s+/).slice(0, 5).join(' ') };
  } catch {
    return undefined;
  }
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.started === identity.started;
}

export async function readRecord(file: string): Promise<ProcessRecord | undefined> {
  try {
    const parsed = JSON.parse(await readFile(file, 'utf8')) as Partial<ProcessRecord>;
    return parsed.child && parsed.owner ? { child: parsed.child, owner: parsed.owner } : undefined;
  } catch {
    return undefined;
  }
}

export async function writeRecord(file: string, childPid: number): Promise<void> {
  const [child, owner] = await Promise.all([identify(childPid), identify(process.pid)]);
  if (!child || !owner) return;
  const half = `${file}.${process.pid}`;
  await writeFile(half, JSON.stringify({ child, owner }), { mode: 0o600 });
  await rename(half, file);
}

export async function removeRecord(file: string): Promise<void> {
  await rm(file, { force: true });
}

/**
 * Takes down the process that an earlier Sojourn, now dead, left behind. Throws when that Sojourn still runs.
 * Asks with `signal` first, and kills after `withinMs`.
 */
export async function takeDownOrphan(
  file: string,
  part: string,
  { signal, withinMs, log }: { signal: NodeJS.Signals; withinMs: number; log: Log },
): Promise<void> {
  const record = await readRecord(file);
  if (!record) return;
  if (await isAlive(record.child)) {
    if (await isAlive(record.owner)) {
      throw new PartError(
        part,
        `another Sojourn (process ${record.owner.pid}) is running it on the same data folder`,
        'Stop that one, or name another folder in SOJOURN_DATA.',
      );
    }
    log(`${part}: stopping what an earlier start left running (process ${record.child.pid})`);
    await endProcess(record.child, signal, withinMs);
  }
  await removeRecord(file);
}

/** Ends a process that need not be our child: by `signal`, then, after `withinMs`, by SIGKILL. */
export async function endProcess(identity: ProcessIdentity, signal: NodeJS.Signals, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  let asked = false;
  while (await isAlive(identity)) {
    if (!asked || Date.now() > deadline) signalIfThere(identity.pid, asked ? 'SIGKILL' : signal);
    asked = true;
    await sleep(50);
  }
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended between the look and the signal.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
