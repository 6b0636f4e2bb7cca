/** A loop that runs until it is stopped; a round that fails is followed by a pause and the next round. */
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
const gatherAtLeastMs = 25;
const gatherAtMostMs = 100;

/**
 * How long to pause after a round that found something to do: what comes meanwhile shares the next one. Twice as long as
 * the round took, so that a machine that is short of time makes fewer and larger rounds. Whoever comes after a pause
 * waits for nothing; under load, an event waits for the round under way, and at most 100 ms more.
 */
export function gatherMs(roundMs: number): number {
  return Math.min(gatherAtMostMs, Math.max(gatherAtLeastMs, 2 * roundMs));
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
