/** A loop that runs until it is stopped; a round that fails is followed by a pause and the next round. */
export interface Loop {
  /** Lets the round under way finish. */
  stop(): Promise<void>;
}

const pauseAfterErrorMs = 1_000;

export function loopUntilStopped(round: () => Promise<void>, onError?: (error: unknown) => void): Loop {
  let stopped = false;
  let wake: (() => void) | undefined;
  const done = (async () => {
    while (!stopped) {
      try {
        await round();
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
    async stop() {
      stopped = true;
      wake?.();
      await done;
    },
  };
}
