/** The HTTP API. */
export { createApp } from './app';
export type { AppDeps, InboxMail, InboxSource, SettleVerdict } from './deps';
export { createHealthApp } from './health';
export { createKeys, isSignedUserId, signUserId, type Key, type KeyKind, type KeyRecord, type KeyStore } from './keys';
export { isLocal, type Reached } from './local';
export type { LimitOptions, Rate } from './limits';
export { readJson } from './body';
export { Problem } from './problem';
export { sendApp, sendAsset } from './pages';
export { sendJson, type Routes } from './routes';
export { describeHeader } from './describe-header';
export { readTimeline } from './timeline';
