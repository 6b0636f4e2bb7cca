/** The course of simulated time: what is to happen, what is due by then and what runs wait for, one after the other. */
import type { Scheduler } from './scheduler';

/** Where it happens. */
export interface Stage<T> {
  happen(one: T): void | Promise<void>;
  /** When time alone makes something happen next, besides in runs; milliseconds since 1970. */
  nextDue(): number | undefined | Promise<number | undefined>;
  /** Makes happen what is due. */
  tick(): void | Promise<void>;
}

/**
 * Resolves when nothing is left to happen and nothing waits any more, or the time is `until`. Each of `timed` happens `at`
 * so many milliseconds after `start`; what happens at the same time happens in the order given.
 */
export async function play<T extends { at: number }>(
  scheduler: Scheduler,
  stage: Stage<T>,
  { timed, start, until }: { timed: readonly T[]; start: number; until: number },
): Promise<void> {
  const coming = [...timed].sort((a, b) => a.at - b.at);
  for (;;) {
    await scheduler.settle();
    const [first] = coming;
    const happens = first && start + first.at;
    const due = await stage.nextDue();
    const next = Math.min(happens ?? Infinity, due ?? Infinity, scheduler.nextDeadline() ?? Infinity);
    if (next > until) return;
    scheduler.now = Math.max(scheduler.now, next);
    if (first && happens !== undefined && happens <= scheduler.now) {
      coming.shift();
      await stage.happen(first);
    } else if (due !== undefined && due <= scheduler.now) await stage.tick();
    else scheduler.expireOne();
  }
}
