/** Times in words: how long ago, how long, which day. */
const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** Up to two neighbouring units: `2 h 5 min`, `45 s`. */
export function span(ms: number): string {
  const whole = Math.round(Math.abs(ms) / 1_000) * 1_000;
  const first = units.findIndex(([, size]) => whole >= size);
  if (first < 0) return '0 s';
  const [name, size] = units[first]!;
  const next = units[first + 1];
  const rest = next ? Math.floor((whole % size) / next[1]) : 0;
  const words = `${Math.floor(whole / size)} ${name}`;
  return next && rest > 0 ? `${words} ${rest} ${next[0]}` : words;
}

/** One unit: `3 min ago`, `in 2 h`, `now`. */
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

/** Of whoever looks: `Europe/London`. */
export const timeZone = (): string => exactFormat.resolvedOptions().timeZone;

/** `Today`, `Yesterday`, or the day; in the time zone of whoever looks. */
export function dayInWords(at: number, now: number): string {
  const day = dayOf(at);
  if (day === dayOf(now)) return `Today, ${shortDay(at)}`;
  if (day === dayOf(now - 86_400_000)) return `Yesterday, ${shortDay(at)}`;
  return day;
}
