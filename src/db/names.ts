/** The names that a column may hold, once: the store's types, the API's schema and the answers' types are made of them. */

/** Of a row of the ledger; what leads from one to the next is drawn in `src/messaging/ledger.ts`. */
export const sendStates = [
  'claimed',
  'attempting',
  'sent',
  'delivered',
  'uncertain',
  'failed',
  'held',
  'skipped',
] as const;
export type SendState = (typeof sendStates)[number];

/**
 * What operators change, named as the addresses of the API are: a `template` is a message that journeys send, a `message`
 * one send of it.
 */
export const auditKinds = ['journey', 'template', 'message', 'run', 'key'] as const;
export type AuditKind = (typeof auditKinds)[number];
