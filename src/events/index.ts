export {
  definePlan,
  formatPath,
  isReservedName,
  type BuiltInEvents,
  type EventsOf,
  type MessageEvent,
  type Plan,
  type PropertyError,
} from './plan';
export type { IncomingEvent, IncomingType, Rejection } from './incoming';
export * from './accept';
export type { Accepted } from './commit';
export {
  isCallType,
  parseBatch,
  parseCall,
  parseShortForm,
  type ParseContext,
  type Parsed,
  type ParsedBatch,
} from './parse';
export { batchSchema, callSchemas, numberAsId, shortFormSchema } from './parse-calls';
export { findUnstorable, maxBatchBytes, maxBatchCalls, maxEventBytes, maxIdLength } from './parse-limits';
export { isOwnMessageId, messageIdSchema, ownMessageId, ownMessageIdRule } from './parse-message-id';
export { factsSchema, onStackClock } from './facts';
export { occurredAt, parseTime, type Received } from './parse-time';
export { planName } from './segment-names';
export { senderPath, toPlanProperties } from './short-form';
export { eventsBefore, journeyEventOf, type EventRow } from './read';
export { dedupeDays, prune } from './prune';
export { setAside, type RefusedCall } from './set-aside';
export { unplannedWords } from './unplanned';
