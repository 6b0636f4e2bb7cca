/** Programs of the bench in processes of their own, so that neither side's work hides in the other's event loop. */
import { fork, type ChildProcess } from 'node:child_process';

/** What a program of the bench reports to its parent, and what its parent asks of it. */
export interface Ready {
  ready: true;
  port?: number;
}

export interface Child {
  pid: number;
  port: number;
  /** Asks the program and waits for its answer. */
  ask<T>(question: unknown): Promise<T>;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();

/** Has the process stopped with all others when the bench is interrupted. */
export function track(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

export async function stopPrograms(): Promise<void> {
  await Promise.all([...running].map(stop));
}

/** Starts `file` (relative to `bench/`) through tsx and waits until it says that it is ready. */
export async function startProgram(file: string, env: Record<string, string> = {}): Promise<Child> {
  const path = new URL(file, import.meta.url).pathname;
  const child = fork(path, [], {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true, // Ctrl-C reaches the bench alone, which then stops its programs in order
  });
  track(child);
  const answer = <T>() =>
    new Promise<T>((resolve, reject) => {
      const onExit = (code: number | null) => reject(new Error(`bench/${file} ended with ${code ?? 'a signal'}.`));
      child.once('exit', onExit);
      child.once('message', (message) => {
        child.off('exit', onExit);
        resolve(message as T); // each program of the bench answers in the shape that its caller names
      });
    });
  const { port = 0 } = await answer<Ready>();
  return {
    port,
    pid: child.pid ?? 0,
    async ask<T>(question: unknown) {
      const answered = answer<T>();
      child.send(question as object);
      return answered;
    },
    stop: () => stop(child),
  };
}

/** Ends a process: asked first, and after 15 s killed. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(patience);
}

/** In a program: answers each question with what `handle` makes of it. */
export function serve(handle: (question: never) => unknown, ready: Omit<Ready, 'ready'> = {}): void {
  process.on('message', (question) => {
    void Promise.resolve(handle(question as never)).then((value) => process.send?.(value ?? null));
  });
  process.once('disconnect', () => process.exit(0));
  process.once('SIGTERM', () => process.exit(0));
  process.send?.({ ready: true, ...ready } satisfies Ready);
}
