/** When an event happened, on the stack's clock, from what its sender's clock says. */

export interface Received {
  /** Wall milliseconds at which the request came. */
  wall: number;
  /** The stack's milliseconds at that moment. */
  now: number;
  /** Stack milliseconds per wall millisecond. */
  scale: number;
}

const secondsUntil = 1e11;
/** Without it, `Date.parse` finds a date in any text that holds a number. */
const isoDate = /^[+-]?\d{4,6}-\d\d/;
/** `Date.parse` would take such a time for one of the zone in which this process stands. */
const withoutZone = /[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/i;

/**
 * Milliseconds since 1970 from ISO 8601, in UTC unless it names a zone, or from a number of seconds or milliseconds;
 * undefined for anything else.
 */
export function parseTime(value: unknown): number | undefined {
  const given = typeof value === 'string' && /^\d{9,14}$/.test(value) ? Number(value) : value;
  if (typeof given === 'number') {
    if (!Number.isFinite(given) || given < 0 || given > 8e15) return undefined;
    return given < secondsUntil ? given * 1_000 : given;
  }
  if (typeof given !== 'string' || given.length > 64 || !isoDate.test(given)) return undefined;
  const parsed = Date.parse(withoutZone.test(given) ? `${given}Z` : given);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/**
 * `receivedAt − (sentAt − timestamp)`, as in the Segment spec: a sender's clock that is wrong is wrong in both. Without
 * `sentAt` its clock is taken to be right. Ages are durations of the wall's, so they are multiplied by the scale. Never
 * in the future, and not before 1970.
 */
export function occurredAt(received: Received, timestamp?: number, sentAt?: number): number {
  if (timestamp === undefined) return received.now;
  const ageMs = Math.max(0, (sentAt ?? received.wall) - timestamp);
  return Math.max(0, Math.round(received.now - ageMs * received.scale));
}
