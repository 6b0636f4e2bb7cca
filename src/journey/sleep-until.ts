/**
 * Times that people name: the next 09:00 where the person lives, next Monday, three days before a date. Pure; uses the
 * zone's own rules, so that 09:00 stays 09:00 over a change of the clocks. A local time that a change leaves out counts
 * an hour later; one that it repeats counts the first time.
 */
import { DateTime, IANAZone } from 'luxon';
import { ContentError } from '../errors';
import { formatDuration, parseDuration } from './duration';
import type { Duration } from './header';

type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
/** `09:00`, `17:30`: hours and minutes of a day of 24 hours. */
export type TimeOfDay = `${`${0 | 1}${Digit}` | `2${0 | 1 | 2 | 3}`}:${0 | 1 | 2 | 3 | 4 | 5}${Digit}`;

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdays)[number];

export type When =
  /** The next such time after now, on one of these weekdays if given. */
  | { next: TimeOfDay; on?: Weekday | readonly Weekday[]; zone?: string }
  /** A date (ISO 8601 or milliseconds), moved by a duration, and then to a time of that local day. */
  | { date: string | number; before?: Duration; at?: TimeOfDay; zone?: string }
  | { date: string | number; after?: Duration; at?: TimeOfDay; zone?: string };

/** The person's zone: the `timezone` trait when it names one (IANA), else UTC. */
export function zoneOf(traits: Record<string, unknown>): string {
  const zone = traits['timezone'];
  return typeof zone === 'string' && IANAZone.isValidZone(zone) ? zone : 'UTC';
}

/** When that is, in milliseconds; may lie in the past for a date. Throws a `ContentError` for what is no time. */
export function timeOf(when: When, { now, zone, where }: { now: number; zone: string; where: string }): number {
  const here = when.zone ?? zone;
  if (!IANAZone.isValidZone(here)) {
    throw new ContentError(where, `'${here}' is no time zone`, "Write an IANA name: 'Europe/Berlin'");
  }
  return 'next' in when ? nextTime(when, now, here, where) : dateTime(when, here, where);
}

/** The time in words, as a step's name: `09:00 on monday`, `3d before 2026-05-01`. */
export function nameOf(when: When): string {
  if ('next' in when) return when.on ? `${when.next} on ${[when.on].flat().join(', ')}` : when.next;
  const at = when.at ? ` at ${when.at}` : '';
  const moved = offset(when, 'sleepUntil');
  const date = typeof when.date === 'number' ? DateTime.fromMillis(when.date, { zone: 'UTC' }).toISODate() : when.date;
  return moved === 0
    ? `${date}${at}`
    : `${formatDuration(Math.abs(moved))} ${moved < 0 ? 'before' : 'after'} ${date}${at}`;
}

function nextTime(when: Extract<When, { next: unknown }>, now: number, zone: string, where: string): number {
  const days = when.on === undefined ? weekdays : [when.on].flat();
  for (const name of days) {
    if (!weekdays.includes(name))
      throw new ContentError(where, `'${name}' is no weekday`, "Write 'monday' to 'sunday'");
  }
  const today = DateTime.fromMillis(now, { zone });
  for (let ahead = 0; ahead <= 8; ahead++) {
    const then = atTime(today.plus({ days: ahead }), when.next, where);
    const weekday = weekdays[then.weekday - 1];
    if (then.toMillis() > now && weekday !== undefined && days.includes(weekday)) return then.toMillis();
  }
  throw new ContentError(where, 'no weekday is given', "Write 'monday' to 'sunday', or leave `on` out");
}

function dateTime(when: Exclude<When, { next: unknown }>, zone: string, where: string): number {
  const date =
    typeof when.date === 'number' ? DateTime.fromMillis(when.date, { zone }) : DateTime.fromISO(when.date, { zone });
  if (!date.isValid) {
    throw new ContentError(where, `'${when.date}' is no date`, 'Give ISO 8601 or milliseconds since 1970');
  }
  const moved = offset(when, where);
  // Whole days are calendar days: one day before 09:00 is 09:00, also when the night had 25 hours.
  const days = Math.trunc(moved / 86_400_000);
  const then = date.plus({ days, milliseconds: moved - days * 86_400_000 });
  return (when.at ? atTime(then.setZone(zone), when.at, where) : then).toMillis();
}

function offset(when: Exclude<When, { next: unknown }>, where: string): number {
  if ('before' in when && when.before !== undefined) return -parseDuration(when.before, where);
  if ('after' in when && when.after !== undefined) return parseDuration(when.after, where);
  return 0;
}

function atTime(day: DateTime, time: string, where: string): DateTime {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  if (hour === undefined || minute === undefined) {
    throw new ContentError(where, `'${time}' is no time of day`, "Write hours and minutes: '09:00'");
  }
  return day.startOf('day').set({ hour: Number(hour), minute: Number(minute) });
}
