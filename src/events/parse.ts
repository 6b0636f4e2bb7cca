/**
 * From one call of the outside to an `IncomingEvent`, or to what is wrong with it and where. Pure: the clock's reading
 * and the plan come in. Names and properties leave here in the plan's words.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingEvent, IncomingType, Rejection } from './incoming';
import { batchSchema, callSchemas, shortFormSchema, type Call } from './parse-calls';
import { findUnstorable, maxBatchCalls, maxEventBytes } from './parse-limits';
import { occurredAt, parseTime, type Received } from './parse-time';
import { formatPath, isReservedName, type Plan } from './plan';
import { planName } from './segment-names';
import { senderPath, toPlanProperties } from './short-form';

export interface ParseContext {
  plan: Plan;
  received: Received;
  /** As it is kept with the event: `http`, `browser` … */
  source: string;
  /** Whether an `alias` of this sender may join two known users. */
  joinsUsers?: boolean;
  /** Stands in for a missing `messageId`: the Idempotency-Key of a single event. */
  messageId?: string;
  /** What a batch says for all its calls. */
  sentAt?: number;
  context?: Record<string, unknown>;
}

export type Parsed = { event: IncomingEvent; rejection?: undefined } | { event?: undefined; rejection: Rejection };

const types = new Set<string>(Object.keys(callSchemas));
const activities = new Set<IncomingType>(['track', 'page', 'screen']);

export function isCallType(type: unknown): type is IncomingType {
  return typeof type === 'string' && types.has(type);
}

function reject(detail: string, path = '', kind: Rejection['kind'] = 'invalid'): { rejection: Rejection } {
  return { rejection: { index: 0, path, detail, kind } };
}

/** A call of the Segment HTTP API: `POST /v1/<type>`, or one of a batch. */
export function parseCall(type: IncomingType, body: unknown, context: ParseContext): Parsed {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return reject('must be a JSON object');
  const unstorable = findUnstorable(body);
  if (unstorable) return reject(unstorable.detail, unstorable.path);
  const checked = callSchemas[type].safeParse(body);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return reject(issue?.message ?? 'is not a call of the Segment API', formatPath(issue?.path ?? []));
  }
  // The schemas of the types differ in fields that only their own branch below reads.
  return toEvent(type, checked.data as Call, context);
}

/** The short form `{event, userId?, anonymousId?, timestamp?, …properties}`, in camel or snake case. */
export function parseShortForm(body: unknown, context: ParseContext): Parsed {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return reject('must be a JSON object');
  const unstorable = findUnstorable(body);
  if (unstorable) return reject(unstorable.detail, unstorable.path);
  const { user_id, anonymous_id, message_id, event_name, eventName, sent_at, writeKey, write_key, ...rest } =
    body as Record<string, unknown>;
  const checked = shortFormSchema.safeParse({
    ...rest,
    event: rest['event'] ?? event_name ?? eventName,
    userId: rest['userId'] ?? user_id,
    anonymousId: rest['anonymousId'] ?? anonymous_id,
    messageId: rest['messageId'] ?? message_id,
    sentAt: rest['sentAt'] ?? sent_at,
  });
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return reject(issue?.message ?? 'is not an event', formatPath(issue?.path ?? []));
  }
  const {
    event,
    userId,
    anonymousId,
    messageId,
    timestamp,
    sentAt,
    properties,
    context: about,
    ...flat
  } = checked.data;
  const call: Call = {
    event,
    userId,
    anonymousId,
    messageId,
    timestamp,
    sentAt,
    properties: { ...flat, ...properties },
  };
  if (typeof about === 'object' && about !== null && !Array.isArray(about)) call.context = { ...about };
  const parsed = toEvent('track', call, context);
  // Here the properties stand at the top level, unless they came in an object of their own.
  if (parsed.rejection && !properties) parsed.rejection.path = parsed.rejection.path.replace(/^properties\.?/, '');
  return parsed;
}

export interface ParsedBatch {
  /** As many as there are calls, in their order. */
  calls: Parsed[];
}

/** `{batch: [{type, …}]}`. One bad call does not lose the others; only a body that is no batch is wrong as a whole. */
export function parseBatch(
  body: unknown,
  context: ParseContext,
  bodyBytes: number,
): ParsedBatch | { rejection: Rejection } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return reject('must be a JSON object');
  const { batch, sentAt, context: about } = body as Record<string, unknown>;
  if (!Array.isArray(batch) || batch.length === 0) return reject('must be a list of at least one call', 'batch');
  if (batch.length > maxBatchCalls) {
    const detail = `has ${batch.length} calls; send at most ${maxBatchCalls} at once, the others in batches of their own`;
    return reject(detail, 'batch', 'too_large');
  }
  const shell = batchSchema.pick({ sentAt: true, context: true }).safeParse({ sentAt, context: about });
  if (!shell.success) {
    const [issue] = shell.error.issues;
    return reject(issue?.message ?? 'is wrong', formatPath(issue?.path ?? []));
  }
  const unstorable = shell.data.context && findUnstorable({ context: shell.data.context });
  if (unstorable) return reject(unstorable.detail, unstorable.path);
  const shared: ParseContext = {
    ...context,
    messageId: undefined,
    sentAt: parseTime(shell.data.sentAt),
    context: shell.data.context ?? undefined,
  };
  const calls = batch.map((call: unknown, index): Parsed => {
    const parsed = parseBatchCall(call, shared, bodyBytes);
    if (parsed.rejection) parsed.rejection.index = index;
    return parsed;
  });
  return { calls };
}

function parseBatchCall(call: unknown, context: ParseContext, bodyBytes: number): Parsed {
  if (typeof call !== 'object' || call === null || Array.isArray(call)) return reject('must be a JSON object');
  if (bodyBytes > maxEventBytes && isTooLarge(call)) {
    return reject(`is larger than ${maxEventBytes / 1024} KB; send less with one event`, '', 'too_large');
  }
  const { type } = call as Record<string, unknown>;
  if (!isCallType(type)) return reject(`must be one of ${[...types].join(', ')}`, 'type');
  return parseCall(type, call, context);
}

function isTooLarge(call: object): boolean {
  try {
    return Buffer.byteLength(JSON.stringify(call)) > maxEventBytes;
  } catch (error) {
    // Nested deeper than can be written down: that is what is wrong with it, and is said when it is walked.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function toEvent(type: IncomingType, call: Call, context: ParseContext): Parsed {
  const userId = toId(call.userId);
  const anonymousId = toId(call.anonymousId);
  const previousId = type === 'alias' ? toId(call.previousId) : undefined;
  for (const [path, value] of [
    ['userId', userId],
    ['anonymousId', anonymousId],
    ['previousId', previousId],
  ] as const) {
    if (value !== undefined && (value.trim() === '' || value.startsWith('anonymous:') || value.startsWith('person:'))) {
      return reject(`must not be blank or begin with 'anonymous:' or 'person:'`, path);
    }
  }
  if (userId === undefined && anonymousId === undefined) {
    return reject('is missing: name the person by userId or anonymousId', 'userId');
  }
  if (type === 'alias' && (previousId === undefined || userId === undefined)) {
    return reject('is missing: alias needs previousId and userId', previousId === undefined ? 'previousId' : 'userId');
  }
  const name = type === 'track' ? planName(call.event) : type;
  if (type === 'track' && isReservedName(name)) {
    return reject(`'${name}' is reported by Sojourn only; choose another name`, 'event');
  }
  const properties = propertiesOf(type, name, call);
  const [wrong] = type === 'identify' || type === 'group' ? [] : context.plan.check(name, properties);
  if (wrong) {
    const path = senderPath(wrong.path, call.properties ?? {});
    return reject(wrong.detail, path ? `properties.${path}` : 'properties');
  }
  return {
    event: {
      type,
      name,
      messageId: call.messageId ?? context.messageId ?? randomUUID(),
      userId,
      anonymousId,
      previousId,
      ...(type === 'alias' && context.joinsUsers && { joinsUsers: true }),
      properties,
      occurredAt: occurredAt(
        context.received,
        parseTime(call.timestamp ?? call.originalTimestamp),
        parseTime(call.sentAt) ?? context.sentAt,
      ),
      source: context.source,
      planned: type !== 'track' || context.plan.has(name),
      activity: activities.has(type),
      context: context.context ? { ...context.context, ...call.context } : (call.context ?? undefined),
    },
  };
}

function toId(value: string | number | null | undefined): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

function propertiesOf(type: IncomingType, name: string, call: Call): Record<string, unknown> {
  switch (type) {
    case 'track':
      return toPlanProperties(name, call.properties ?? {});
    case 'page':
    case 'screen': {
      const { name: title, category } = call;
      return { ...call.properties, ...(title && { name: title }), ...(category && { category }) };
    }
    case 'identify':
      return call.traits ?? {};
    case 'group':
      return { ...call.traits, group_id: toId(call.groupId) };
    case 'alias':
      return {};
  }
}
