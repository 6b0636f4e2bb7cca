/** The HTTP API. */
export { createApp } from './app';
export type { AppDeps, InboxMail, InboxSource, SettleVerdict } from './deps';
export { createKeys, isSignedUserId, signUserId, type Key, type KeyKind, type KeyRecord, type KeyStore } from './keys';
export type { LimitOptions, Rate } from './limits';
export { createMetrics, type Metrics } from './metrics';
export { describeHeader } from './describe-header';
export { readTimeline } from './timeline';
