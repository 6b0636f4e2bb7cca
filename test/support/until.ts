import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  withinMs?: number;
  everyMs?: number;
  /** What is waited for, as the message of the time-out says it. */
  what?: string;
}

/** Asks again and again until the answer is truthy, and returns it. A time-out tells the last answer or error. */
export async function until<T>(
  ask: () => T | Promise<T>,
  options: UntilOptions = {},
): Promise<Exclude<T, false | 0 | '' | null | undefined>> {
  const { withinMs = 60_000, everyMs = 50, what = 'what was waited for' } = options;
  const deadline = Date.now() + withinMs;
  let last = 'nothing';
  for (;;) {
    try {
      const answer = await ask();
      // The compiler does not narrow a type parameter by its truth.
      if (answer) return answer as Exclude<T, false | 0 | '' | null | undefined>;
      last = `the answer was ${JSON.stringify(answer)}`;
    } catch (error) {
      last = String(error);
    }
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${withinMs} ms; at last, ${last}`);
    await sleep(everyMs);
  }
}
