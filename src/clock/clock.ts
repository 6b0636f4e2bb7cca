/** The stack's one clock. Caps, cooldowns, quiet hours and `now` read it; only real timers divide by its scale. */
export interface Clock {
  /** Wall milliseconds at which the stack's time and the wall's were the same. */
  epoch: number;
  /** How many times faster than the wall it runs. */
  scale: number;
  /** The stack's time now, in milliseconds since 1970. */
  now(): number;
  /** How many wall milliseconds a duration of the stack's milliseconds takes. */
  wallMs(stackMs: number): number;
}

export function createClock(
  { epoch, scale }: { epoch: number; scale: number },
  wallNow: () => number = Date.now,
): Clock {
  return {
    epoch,
    scale,
    now: () => Math.floor(epoch + (wallNow() - epoch) * scale),
    wallMs: (stackMs) => stackMs / scale,
  };
}
