/**
 * Message ids that Sojourn makes stand in a space of their own, so that nobody outside can take one before Sojourn
 * itself needs it: what a sender chooses must not begin with the prefix.
 */
import { z } from 'zod';
import { maxIdLength } from './parse-limits';

const prefix = 'sojourn:';

/** The id of an event that Sojourn makes itself, as in `sojourn:click/snd_1/0`; the same whenever it is made again. */
export function ownMessageId(kind: string, ...parts: (string | number)[]): string {
  return `${prefix}${[kind, ...parts].join('/')}`;
}

export function isOwnMessageId(id: string): boolean {
  return id.startsWith(prefix);
}

const rule = `must be a text of 1 to ${maxIdLength} characters`;
export const ownMessageIdRule = `must not begin with '${prefix}', which is kept for Sojourn's own; choose another`;

/** A message id as a sender may choose it. */
export const messageIdSchema = z
  .string({ error: rule })
  .min(1, { error: rule })
  .max(maxIdLength, { error: rule })
  .refine((id) => !isOwnMessageId(id), { error: ownMessageIdRule });
