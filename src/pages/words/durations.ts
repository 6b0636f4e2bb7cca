/** Times in words: how long ago, how long, which day. */
import { plural } from './numbers';

const units = [
  ['d', 86_400_000, 'day'],
  ['h', 3_600_000, 'hour'],
  ['min', 60_000, 'minute'],
  ['s', 1_000, 'second'],
] as const;

/** Up to two neighbouring units, as a sentence has them: `2 hours 5 minutes`, `45 seconds`. */
export function span(ms: number): string {
  const whole = Math.round(Math.abs(ms) / 1_000) * 1_000;
  const first = units.findIndex(([, size]) => whole >= size);
  if (first < 0) return plural(0, 'second');
  const [, size, name] = units[first]!;
  const next = units[first + 1];
  const rest = next ? Math.floor((whole % size) / next[1]) : 0;
  const words = plural(Math.floor(whole / size), name);
  return next && rest > 0 ? `${words} ${plural(rest, next[2])}` : words;
}

/** A run's own `1d 30m` as `1 day 30 minutes`, wherever it stands. */
export function spelledOut(text: string): string {
  return text.replaceAll(/\b(\d+)([dhms])\b/g, (_, n: string, unit: string) =>
    plural(Number(n), units.find(([short]) => short.startsWith(unit))![2]),
  );
}

/** One unit, as short as a column of a table wants it: `3 min ago`, `in 2 h`, `now`. */
export function relative(at: number, now: number): string {
  const distance = at - now;
  const size = Math.abs(distance);
  if (size < 1_500) return 'now';
  const [name, unit] = units.find(([, ms]) => size >= ms) ?? units[3];
  const words = `${Math.floor(size / unit)} ${name}`;
  return distance < 0 ? `${words} ago` : `in ${words}`;
}

const exactFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});
const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const hourFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const dayFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});
const shortDayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

export const exact = (at: number): string => exactFormat.format(at);
export const clockTime = (at: number): string => clockFormat.format(at);
export const hourAndMinute = (at: number): string => hourFormat.format(at);
export const dayOf = (at: number): string => dayFormat.format(at);
export const shortDay = (at: number): string => shortDayFormat.format(at);

/** One time where both clocks agree, as they do to the second unless the stack's is sped up. */
export const onBothClocks = (stack: number, wall: number): string =>
  exact(stack) === exact(wall) ? exact(stack) : `${exact(stack)} by the stack's clock, ${exact(wall)} by the wall's`;

/** Of whoever looks: `Europe/London`. */
export const timeZone = (): string => exactFormat.resolvedOptions().timeZone;

/** `Today`, `Yesterday`, or the day; in the time zone of whoever looks. */
export function dayInWords(at: number, now: number): string {
  const day = dayOf(at);
  if (day === dayOf(now)) return `Today, ${shortDay(at)}`;
  if (day === dayOf(now - 86_400_000)) return `Yesterday, ${shortDay(at)}`;
  return day;
}
