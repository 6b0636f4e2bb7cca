/**
 * Virtual time. Runs wait here; time jumps to whatever comes next once every run has come to rest. What is accepted at
 * the very instant of a deadline comes before the deadline, as on the real clock, where the store is read at expiry.
 */
import { setImmediate as turn } from 'node:timers/promises';

interface Waiter {
  until: number | undefined;
  woken: () => boolean;
  resolve: (came: 'woken' | 'expired') => void;
}

export class Scheduler {
  private waiters: Waiter[] = [];
  private calls = 0;

  constructor(public now: number) {}

  wait(until: number | undefined, woken: () => boolean): Promise<'woken' | 'expired'> {
    if (woken()) return Promise.resolve('woken');
    return new Promise((resolve) => this.waiters.push({ until, woken, resolve }));
  }

  /** Counts a call that is under way, so that time stands still meanwhile. */
  async during<T>(call: () => Promise<T>): Promise<T> {
    this.calls++;
    try {
      return await call();
    } finally {
      this.calls--;
    }
  }

  /** Resolves when every run waits or has ended. */
  async settle(): Promise<void> {
    do {
      for (const waiter of this.waiters.filter((one) => one.woken())) this.release(waiter, 'woken');
      // A turn of the event loop runs everything that promises have made ready.
      await turn();
    } while (this.calls > 0 || this.waiters.some((one) => one.woken()));
  }

  /** The next time at which a wait is over, if one has a deadline. */
  nextDeadline(): number | undefined {
    const deadlines = this.waiters.flatMap((one) => one.until ?? []);
    return deadlines.length === 0 ? undefined : Math.min(...deadlines);
  }

  /** Ends the wait that is due first, if one is due by now. */
  expireOne(): boolean {
    const due = this.waiters.filter((one) => one.until !== undefined && one.until <= this.now);
    const first = due.sort((a, b) => (a.until ?? 0) - (b.until ?? 0))[0];
    if (first) this.release(first, 'expired');
    return first !== undefined;
  }

  private release(waiter: Waiter, came: 'woken' | 'expired'): void {
    this.waiters = this.waiters.filter((one) => one !== waiter);
    waiter.resolve(came);
  }
}
