/** The Node side of running on Temporal: bundles, workers by version, and the calls that start and tell runs. */
export { createActivities, type ActivityParts } from './activities';
export type { ActivityOps, At } from './activity-ops';
export type { Adopted, ExternalOps, ForeignSignal, ForeignStart, NamedPerson, SignalledEvent } from '../temporal';
export { buildBundle, type BuildOptions } from './bundle';
export { getBundle, putBundle, type Bundle } from './bundle-store';
export { connectWorkers, createTemporalClient, prepareRuntime, type TemporalAddress } from './connect';
export { toActivityFailure } from './errors';
export { knownAttributes, type KnownAttributes } from './known-attributes';
export type { Log } from './log';
export {
  createTemporalStarter,
  type Execution,
  type ExecutionStatus,
  type StartAnswer,
  type StartRequest,
  type StarterParts,
  type TemporalStarter,
} from './starter';
export { reachingTemporal } from './unreachable';
export { createWorkerSet, type WorkerSet, type WorkerSetParts } from './worker-set';
