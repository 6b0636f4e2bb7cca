/** A list in groups by day. */
import { dayInWords, dayOf } from './durations';

export interface Day<T> {
  key: string;
  title: string;
  entries: T[];
}

/** Entries in one order of time; the days of the time zone of whoever looks. */
export function byDay<T extends { at: string }>(entries: readonly T[], now: number): Day<T>[] {
  const days: Day<T>[] = [];
  for (const entry of entries) {
    const at = Date.parse(entry.at);
    const key = dayOf(at);
    if (days.at(-1)?.key !== key) days.push({ key, title: dayInWords(at, now), entries: [] });
    days.at(-1)!.entries.push(entry);
  }
  return days;
}
