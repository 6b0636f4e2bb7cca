/**
 * What Temporal's own clients may send, held to the limits of every other way in: what the store refuses would be
 * retried for ever, and lose those who share its commit.
 */
import { z } from 'zod';
import {
  factsSchema,
  findUnstorable,
  formatPath,
  isOwnMessageId,
  maxEventBytes,
  maxIdLength,
  ownMessageIdRule,
} from '../../events';

const text = z
  .string()
  .min(1)
  .max(maxIdLength, { error: `must have at most ${maxIdLength} characters` });
const id = text.refine((value) => value.trim() !== '' && !/^(anonymous|person):/.test(value), {
  error: `must not be blank or begin with 'anonymous:' or 'person:'`,
});
const messageId = text.refine((value) => !isOwnMessageId(value), { error: ownMessageIdRule });
const properties = z.record(z.string(), z.unknown());

/** The argument of the `event` signal. */
export const signalled = z.object({
  event: text.refine((value) => value.trim() === value, { error: 'must not begin or end with a space' }),
  properties,
  messageId: messageId.optional(),
});

/** The one argument of a plain start; all of it may be left out, and the workflow id then names the person. */
export const plainStart = factsSchema
  .extend({
    userId: id.optional(),
    anonymousId: id.optional(),
    messageId: messageId.optional(),
    properties: factsSchema.optional(),
  })
  .optional();

export type Read<T> = { value: T; wrong?: undefined } | { value?: undefined; wrong: string };

/** What was sent, or why it can't be taken in. */
export function readOutside<T>(schema: z.ZodType<T>, value: unknown): Read<T> {
  const unstorable = findUnstorable(value);
  if (unstorable) return { wrong: [unstorable.path, unstorable.detail].filter(Boolean).join(': ') };
  if (Buffer.byteLength(JSON.stringify(value ?? null)) > maxEventBytes) {
    return { wrong: `larger than ${maxEventBytes / 1024} KB; send less with one event` };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const [issue] = parsed.error.issues;
  return { wrong: [formatPath(issue?.path ?? []), issue?.message].filter(Boolean).join(': ') };
}

export type Named = { userId: string; anonymousId?: string } | { userId?: string; anonymousId: string };

/** Whom a start names, in its argument (however wrong the rest of it is) or else by its workflow id. */
export function namedBy(facts: unknown, journey: string, workflowId: string): Named | undefined {
  const { userId, anonymousId } = (typeof facts === 'object' && facts !== null ? facts : {}) as Record<string, unknown>;
  if (isId(userId)) return { userId, ...(isId(anonymousId) && { anonymousId }) };
  if (isId(anonymousId)) return { anonymousId };
  const prefix = `${journey}/`;
  const named = workflowId.startsWith(prefix) ? workflowId.slice(prefix.length) : '';
  return isId(named) ? { userId: named } : undefined;
}

const isId = (value: unknown): value is string => id.safeParse(value).success && findUnstorable(value) === undefined;
