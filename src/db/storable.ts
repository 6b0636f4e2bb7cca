/**
 * Text as PostgreSQL holds it: its `jsonb` refuses NUL characters and halves of surrogate pairs, which a text has that
 * was cut in the middle of an emoji. What comes from outside is refused for them; what Sojourn itself must write down,
 * as a run's trace or a mail server's answer, has � in their place.
 */
export function storable<T>(value: T): T {
  // The same shape again, so the same type.
  return copied(value) as T;
}

function copied(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(copied);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [storableText(key), copied(one)]));
}

const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');

/** Of JSON, that is: dates and the like stay what they are. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
