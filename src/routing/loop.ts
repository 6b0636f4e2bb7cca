/** Loops that run until they are stopped; a round that fails is followed by a pause and the next round. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Loop {
  /** Lets the round under way finish. */
  stop(): Promise<void>;
}

/** A loop that tells whether it gets on. */
export interface Rounds extends Loop {
  /** When a round last ended well, by `performance.now()`; undefined before the first. */
  lastRoundAt(): number | undefined;
}

const pauseAfterErrorMs = 1_000;
const idleMs = 1_000;
const gatherAtLeastMs = 25;
const gatherAtMostMs = 100;

export interface WorkOptions {
  /** Resolves when there may be something new, or after `ms`. */
  idle: (ms: number) => Promise<void>;
  onError?: (error: unknown) => void;
}

/**
 * Rounds that say whether they found something to do. After one that did, what comes meanwhile shares the next: the pause
 * is twice as long as the round took, so that a machine that is short of time makes fewer and larger rounds. Whoever
 * comes after a pause waits for nothing; under load, an event waits for the round under way, and at most 100 ms more.
 */
export function workUntilStopped(round: () => Promise<boolean>, { idle, onError }: WorkOptions): Rounds {
  return loopUntilStopped(async () => {
    const started = performance.now();
    if (!(await round())) return idle(idleMs);
    await sleep(Math.min(gatherAtMostMs, Math.max(gatherAtLeastMs, 2 * (performance.now() - started))));
  }, onError);
}

export function loopUntilStopped(round: () => Promise<void>, onError?: (error: unknown) => void): Rounds {
  let stopped = false;
  let wake: (() => void) | undefined;
  let lastRoundAt: number | undefined;
  const done = (async () => {
    while (!stopped) {
      try {
        await round();
        lastRoundAt = performance.now();
      } catch (error) {
        onError?.(error);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, pauseAfterErrorMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
          if (stopped) wake();
        });
      }
    }
  })();
  return {
    lastRoundAt: () => lastRoundAt,
    async stop() {
      stopped = true;
      wake?.();
      await done;
    },
  };
}
