import { setTimeout as sleep } from 'node:timers/promises';

/** Waits before attempt `attempt + 1`: 0.2 s, doubled each time, 10 s at most. Rejects when `signal` is aborted. */
export async function backOff(attempt: number, signal?: AbortSignal): Promise<void> {
  await sleep(Math.min(200 * 2 ** (attempt - 1), 10_000), undefined, { signal });
}
