/** How quickly one trouble follows another. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Pace {
  /** Between two troubles of one target, on average; milliseconds. */
  everyMs: number;
  /** Whether processes hang for longer than a lease lasts, too. */
  longHangs: boolean;
  /** Whether new code is deployed meanwhile. */
  deploys: boolean;
}

export async function sleepUnless(until: () => boolean, ms: number): Promise<void> {
  const end = Date.now() + ms;
  while (Date.now() < end && !until()) await sleep(Math.min(100, Math.max(1, end - Date.now())));
}
