/**
 * Runs one server process as a part of the stack: started until ready, started again with back-off when it dies,
 * stopped in order. It is a process group of its own, so that Ctrl-C reaches Sojourn alone, which then stops its
 * parts one after the other.
 *
 *     starting ──ready──▶ running ──exit──▶ waiting (0.5 s, doubling to 30 s) ──▶ starting …
 *        └──first start fails──▶ stop() and throw          any ──stop()──▶ stopped
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { PartError, type Log } from './errors';
import { removeRecord, takeDownOrphan, writeRecord } from './process-record';

export interface PartProcess {
  /** As people know it: `PostgreSQL`. */
  part: string;
  command: string;
  args: string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Whom to run as, when we are root and the part must not be. */
  user?: { uid: number; gid: number };
  /** Asked again and again until it no longer throws. */
  ready: () => Promise<void>;
  readyWithinMs: number;
  stopSignal: NodeJS.Signals;
  stopWithinMs: number;
  /** Where the running process is recorded, beside its data. */
  recordFile: string;
  log: Log;
  /** Gives up the first start at once. */
  signal?: AbortSignal;
  /** Whether it is started again when it dies; unset, it is. */
  restart?: boolean;
  /** Each line the process writes. */
  onLine?: (line: string) => void;
  /** Turns what the process wrote last into what is wrong and what to do, where it is known. */
  diagnose?: (tail: string[]) => PartError | undefined;
}

export interface SupervisedPart {
  pid(): number | undefined;
  /** Stops it in order and for good; resolves when the process is gone. */
  stop(): Promise<void>;
}

const firstBackOffMs = 500;
const longestBackOffMs = 30_000;
const steadyAfterMs = 60_000;
const tailLines = 20;

/** Starts the part and resolves when it is ready. Throws a `PartError` when the first start fails. */
export async function supervise(spec: PartProcess): Promise<SupervisedPart> {
  await takeDownOrphan(spec.recordFile, spec.part, {
    signal: spec.stopSignal,
    withinMs: spec.stopWithinMs,
    log: spec.log,
  });
  const stopping = new AbortController();
  let running = await startOnce(spec, spec.signal ?? stopping.signal);
  const keeping = keepRunning();

  async function keepRunning(): Promise<void> {
    let backOffMs = firstBackOffMs;
    const pause = async (what: string): Promise<void> => {
      spec.log(`${what}; starting it again in ${backOffMs / 1000} s`);
      await sleep(backOffMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      backOffMs = Math.min(backOffMs * 2, longestBackOffMs);
    };
    const isOver = (): boolean => stopping.signal.aborted || spec.restart === false;
    for (;;) {
      await running.gone;
      if (isOver()) return;
      if (Date.now() - running.startedAt > steadyAfterMs) backOffMs = firstBackOffMs;
      await pause(`${spec.part} died (${running.end()})`);
      for (let isBack = false; !isBack && !isOver();) {
        try {
          running = await startOnce(spec, stopping.signal);
          isBack = true;
          spec.log(`${spec.part} is back`);
        } catch (error) {
          if (!isOver()) await pause(error instanceof Error ? error.message : String(error));
        }
      }
    }
  }

  return {
    pid: () => running.child.pid,
    stop: async () => {
      stopping.abort();
      await endRunning(running, spec);
      await keeping;
      await endRunning(running, spec);
      await removeRecord(spec.recordFile);
    },
  };
}

interface Running {
  child: ChildProcess;
  startedAt: number;
  gone: Promise<void>;
  /** How it ended: `exit code 1`, `SIGKILL`. */
  end: () => string;
}

async function startOnce(spec: PartProcess, stopping: AbortSignal): Promise<Running> {
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: spec.env ?? process.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...spec.user,
  });
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      tail.push(line);
      if (tail.length > tailLines) tail.shift();
      spec.onLine?.(line);
    });
  }
  let failure: Error | undefined;
  const gone = once(child, 'close').then(
    () => undefined,
    (error: unknown) => {
      failure = error instanceof Error ? error : new Error(String(error));
    },
  );
  const end = (): string => failure?.message ?? child.signalCode ?? `exit code ${child.exitCode}`;
  const running: Running = { child, startedAt: Date.now(), gone, end };
  if (child.pid !== undefined) await writeRecord(spec.recordFile, child.pid);

  let isGone = false;
  void gone.then(() => (isGone = true));
  const deadline = Date.now() + spec.readyWithinMs;
  let lastError: unknown;
  for (;;) {
    if (isGone) throw spec.diagnose?.(tail) ?? stoppedWhileStarting(spec, end(), tail);
    try {
      await Promise.race([spec.ready(), gone.then(() => Promise.reject(new Error('the process ended')))]);
      if (!isGone) return running;
    } catch (error) {
      lastError = error;
    }
    if (stopping.aborted || Date.now() > deadline) {
      await endRunning(running, spec);
      throw new PartError(
        spec.part,
        `not ready within ${spec.readyWithinMs / 1000} s (${String(lastError)})`,
        lastWords(tail),
      );
    }
    await sleep(40);
  }
}

function stoppedWhileStarting(spec: PartProcess, how: string, tail: string[]): PartError {
  return new PartError(spec.part, `ended while starting (${how})`, lastWords(tail));
}

function lastWords(tail: string[]): string {
  return tail.length > 0 ? `It said last: ${tail.slice(-3).join(' / ')}` : 'It said nothing.';
}

async function endRunning({ child, gone }: Running, spec: PartProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill(spec.stopSignal);
  const late = setTimeout(() => child.kill('SIGKILL'), spec.stopWithinMs);
  await gone;
  clearTimeout(late);
}
