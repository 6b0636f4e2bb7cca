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
