/** Work that is done again: every so often until it is stopped, or until it has succeeded once. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Loop } from './routing';

export function every(ms: number, work: () => Promise<unknown>, onError: (error: unknown) => void): Loop {
  const stopping = new AbortController();
  const done = (async () => {
    while (!stopping.signal.aborted) {
      await work().catch(onError);
      await sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

/** Resolves with what `work` came to, or with undefined once the signal is aborted. */
export async function untilDone<T>(
  ms: number,
  work: () => Promise<T>,
  { signal, onError }: { signal: AbortSignal; onError: (error: unknown) => void },
): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await work();
    } catch (error) {
      onError(error);
      await sleep(ms, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}
