/**
 * The stack's time in the browser: what the last answer said, and how much has passed since, times the scale. Relative
 * times are relative to it and never to this machine's clock, which may be wrong, or slower than the stack's.
 */
interface Heard {
  at: number;
  /** `performance.now()` when it was heard. */
  when: number;
  scale: number;
}

const tickMs = 1_000;

let heard: Heard | undefined;
const listeners = new Set<() => void>();
/** The stack's time that is shown, from one tick to the next: all of a page agrees on it. */
let shown: number | undefined;
let ticking: ReturnType<typeof setInterval> | undefined;

/** Takes the time from an answer that has one. */
export function hearTime(answer: unknown): void {
  if (typeof answer !== 'object' || answer === null || !('at' in answer) || typeof answer.at !== 'string') return;
  const at = Date.parse(answer.at);
  if (Number.isNaN(at)) return;
  const scale = 'timeScale' in answer && typeof answer.timeScale === 'number' ? answer.timeScale : (heard?.scale ?? 1);
  // An answer that was overtaken does not set the clock back.
  const next = { at, when: performance.now(), scale };
  if (!heard) shown = undefined;
  heard = heard && stackNow() > at && stackNow() - at < 5_000 * scale ? { ...heard, scale } : next;
}

/** The stack's milliseconds. */
export function stackNow(): number {
  return stackTimeAt(performance.now());
}

/** The stack's milliseconds when `performance.now()` was that. */
export function stackTimeAt(when: number): number {
  return heard ? heard.at + (when - heard.when) * heard.scale : Date.now() - (performance.now() - when);
}

/** The stack's milliseconds at the last tick. */
export function shownNow(): number {
  return (shown ??= stackNow());
}

/** Called once a second while anybody listens. */
export function onTick(listener: () => void): () => void {
  if (listeners.size === 0) shown = undefined;
  listeners.add(listener);
  ticking ??= setInterval(tick, tickMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

function tick(): void {
  shown = stackNow();
  for (const listener of listeners) listener();
}
