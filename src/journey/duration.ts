/** Durations as people write them: parsed once into milliseconds, and shown again as `1d 30m`. */
import { ContentError } from '../errors';
import type { Duration } from './header';

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;
export const week = 7 * day;

const units: Record<string, number> = { second, minute, hour, day, week };
const written = /^(\d+(?:\.\d+)?) (second|minute|hour|day|week)s?$/;

/** The longest duration that is taken: ten years. Beyond it stands a mistake, such as milliseconds for days. */
export const longestMs = 3_660 * day;

/**
 * `30 minutes` in milliseconds. Throws a `ContentError` that names `where` for anything that is not a positive number
 * and a unit, or longer than ten years.
 */
export function parseDuration(duration: Duration, where = 'duration'): number {
  const [, amount, unit] = written.exec(String(duration)) ?? [];
  const size = unit === undefined ? undefined : units[unit];
  const ms = size === undefined ? NaN : Math.round(Number(amount) * size);
  if (!(ms > 0 && ms <= longestMs)) {
    throw new ContentError(
      where,
      `'${String(duration)}' is not a duration`,
      "Write a number above zero and a unit, up to ten years: '30 minutes', '1 day'",
    );
  }
  return ms;
}

const shown: [name: string, size: number][] = [
  ['day', day],
  ['hour', hour],
  ['minute', minute],
  ['second', second],
];

/** Of each unit, how many there are; none of which there is none. Rounded to seconds. */
function countsIn(ms: number): [count: number, name: string][] {
  let rest = Math.round(Math.abs(ms) / second) * second;
  return shown.flatMap(([name, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? [[count, name] as [number, string]] : [];
  });
}

/** Milliseconds as `1d 30m`, rounded to seconds; `0m` for none, a sign before it when negative. */
export function formatDuration(ms: number): string {
  const parts = countsIn(ms).map(([count, name]) => `${count}${name[0]}`);
  return parts.length === 0 ? '0m' : (ms < 0 ? '-' : '') + parts.join(' ');
}

/** Milliseconds above zero as `1 day 30 minutes`, rounded to seconds. */
export function durationInWords(ms: number): string {
  return countsIn(ms)
    .map(([count, name]) => `${count} ${name}${count === 1 ? '' : 's'}`)
    .join(' ');
}
