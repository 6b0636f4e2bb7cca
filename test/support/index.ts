/**
 * The real parts that tests run against. One PostgreSQL and one Temporal dev server are shared by a whole test run and
 * started when first asked for; `own…` gives a test parts of its own, which it may kill and start again. What is not
 * dropped, stopped or closed at the end of the run fails it.
 */
export {
  answers,
  freshDatabase,
  ownPostgres,
  startPostgres,
  type FreshDatabase,
  type OwnPart,
  type OwnPostgres,
} from './postgres';
export { gate } from './gate';
export { finishedTasks, resetTo, resetToTheStart } from './reset';
export { rowsRead } from './rows-read';
export { scratchFolder } from './scratch';
export { closeOwnParts } from './shared-parts';
export { smtpPeer, type ReceivedMail, type SmtpPeer } from './smtp-peer';
export { freshNamespace, ownTemporal, startTemporal, timeSkippingServer, type OwnTemporal } from './temporal';
export { until, type UntilOptions } from './until';
export { waitingForLocks } from './waiting-for-locks';
