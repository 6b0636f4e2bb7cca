/** Times in a scenario: how long after its beginning, as `20m`, `1d 30m`, or `20 minutes`. */
import { ContentError } from '../errors';
import { day, hour, minute, parseDuration, second, week, type Duration } from '../journey';

const sizes: Record<string, number> = { s: second, m: minute, h: hour, d: day, w: week };

/** In milliseconds. Throws a `ContentError` for what is no such time. */
export function parseAt(text: string): number {
  if (/^\d+[smhdw]( \d+[smhdw])*$/.test(text)) {
    return text.split(' ').reduce((sum, part) => sum + Number(part.slice(0, -1)) * (sizes[part.slice(-1)] ?? 0), 0);
  }
  if (/^\d+(\.\d+)? [a-z]+$/.test(text)) return parseDuration(text as Duration, `at '${text}'`);
  throw new ContentError('scenario', `at: '${text}' is no time`, "Write how long after the beginning: '20m', '1d 30m'");
}
