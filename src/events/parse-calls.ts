/** The shapes of calls as they come in: the Segment HTTP API's, and the short form. The API's description is made of them. */
import { z } from 'zod';
import { maxBatchCalls, maxIdLength } from './parse-limits';
import { messageIdSchema } from './parse-message-id';
import { parseTime } from './parse-time';

/** Beyond 2^53, JSON's numbers run into each other here: two people would be one. */
export const numberAsId = z
  .number()
  .refine(Number.isSafeInteger, { error: 'is a number that is not kept exactly; send it as text' });

const idRule = `must be a text of 1 to ${maxIdLength} characters`;
const id = z.union([z.string().min(1).max(maxIdLength), numberAsId], { error: idRule }).nullish();
const time = z
  .union([z.string(), z.number()], { error: 'must be a time: ISO 8601 text, or milliseconds since 1970' })
  .refine((value) => parseTime(value) !== undefined, {
    error: 'is not a time: give ISO 8601 text like 2026-01-31T09:00:00Z, or milliseconds since 1970',
  })
  .nullish();
const properties = z.record(z.string(), z.unknown(), { error: 'must be an object' }).nullish();
const name = z
  .string({ error: 'must be the name of the event, a text' })
  .min(1, { error: 'must not be empty' })
  .max(maxIdLength, { error: `must have at most ${maxIdLength} characters` })
  .refine((value) => value.trim() === value, { error: 'must not begin or end with a space' });

const common = {
  messageId: messageIdSchema.nullish().describe('The dedupe key'),
  userId: id,
  anonymousId: id,
  timestamp: time,
  originalTimestamp: time,
  sentAt: time,
  context: properties,
  writeKey: z.string().nullish(),
};

const address = z
  .string({ error: 'must be a text' })
  .max(254, { error: 'must have at most 254 characters' })
  .regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+$/, { error: 'is not an e-mail address' });

const traits = z
  .looseObject(
    {
      email: address.nullish(),
      name: z.string({ error: 'must be a text' }).max(500).nullish(),
      phone: z.string({ error: 'must be a text' }).max(64).nullish(),
      timezone: z.string({ error: 'must be a text' }).max(64).nullish(),
      locale: z.string({ error: 'must be a text' }).max(35).nullish(),
    },
    { error: 'must be an object' },
  )
  .nullish();

export const callSchemas = {
  track: z.object({ ...common, event: name, properties }),
  identify: z.object({ ...common, traits }),
  page: z.object({
    ...common,
    name: z.string().max(2_000).nullish(),
    category: z.string().max(2_000).nullish(),
    properties,
  }),
  screen: z.object({
    ...common,
    name: z.string().max(2_000).nullish(),
    category: z.string().max(2_000).nullish(),
    properties,
  }),
  group: z.object({ ...common, groupId: id, traits: properties }),
  alias: z.object({ ...common, previousId: id }),
};

/** What the fields of a call say, whichever call it is. */
export type Call = z.output<(typeof callSchemas)['track']> &
  z.output<(typeof callSchemas)['identify']> &
  z.output<(typeof callSchemas)['page']> &
  z.output<(typeof callSchemas)['alias']> & { groupId?: string | number | null };

export const batchSchema = z.object({
  batch: z
    .array(z.looseObject({ type: z.enum(['track', 'identify', 'page', 'screen', 'group', 'alias']) }))
    .min(1)
    .max(maxBatchCalls),
  context: properties,
  sentAt: time,
  writeKey: z.string().nullish(),
});

/** The short form: properties stand beside the ids. */
export const shortFormSchema = z.looseObject({
  event: name,
  userId: id,
  anonymousId: id,
  messageId: common.messageId,
  timestamp: time,
  sentAt: time,
  properties,
});
