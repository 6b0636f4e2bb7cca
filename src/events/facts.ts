/** What stands in for what events would say, where a journey is asked for by name: over HTTP, or by a Temporal client. */
import { z } from 'zod';
import type { Clock } from '../clock';
import { occurredAt, parseTime } from './parse-time';
import { toNumber } from './short-form';

/** Beside any others. */
export const factsSchema = z.looseObject({
  cartValue: z
    .preprocess(toNumber, z.number({ error: 'must be a number' }).min(0, { error: 'must not be negative' }))
    .optional()
    .describe('Stands in for the value of the cart'),
  lastActivity: z
    .union([z.number(), z.string()])
    .refine((value) => parseTime(value) !== undefined, {
      error: 'must be a time: milliseconds since 1970, or ISO 8601 text',
    })
    .optional()
    .describe('Stands in for the time at which the person was last active'),
});

/** `lastActivity` is given by the caller's clock, and kept in the stack's milliseconds. */
export function onStackClock(facts: z.output<typeof factsSchema>, clock: Clock): Record<string, unknown> {
  const last = parseTime(facts.lastActivity);
  if (last === undefined) return facts;
  return { ...facts, lastActivity: occurredAt({ wall: Date.now(), now: clock.now(), scale: clock.scale }, last) };
}
