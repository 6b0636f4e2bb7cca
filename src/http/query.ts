/** Checks what stands in an address or a body against a schema, and says which field is wrong. */
import { z } from 'zod';
import { formatPath } from '../events';
import { Problem } from './problem';

export function check<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.map((issue) => ({
    path: formatPath(issue.code === 'unrecognized_keys' ? [issue.keys[0] ?? ''] : issue.path),
    detail: issue.message,
  }));
  const [first] = errors;
  const detail = first ? `${first.path || 'The request'}: ${first.detail}.` : 'The request does not fit.';
  throw new Problem('invalid-request', detail, { path: first?.path ?? '', errors });
}

/** An id of our own: the number of a row. */
export const rowId = z.string().regex(/^[1-9]\d{0,17}$/, { error: 'must be an id, a number' });

export const wholeNumber = (least: number, most: number, usual: number) =>
  z.coerce
    .number({ error: 'must be a number' })
    .int({ error: 'must be a whole number' })
    .min(least, { error: `must be at least ${least}` })
    .max(most, { error: `must be at most ${most}` })
    .default(usual);

export const limit = (most: number, usual: number) => wholeNumber(1, most, usual);

/** Milliseconds since 1970, as far as dates and PostgreSQL reach. */
export const timeMs = z.number().int().min(0).max(8.64e15);

/** A place in a list, opaque to callers: JSON in base64url. */
export function writeCursor(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

export function readCursor<S extends z.ZodType>(schema: S, text: string): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    value = undefined;
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Problem('invalid-request', `before: is not a place in this list. Give 'next' of an earlier answer.`, {
    path: 'before',
  });
}
