export { createAbsences, type Absences } from './absence';
export { createBell, type Bell, type Work } from './bell';
export { createCatalog, type Catalog, type Mode } from './catalog';
export { createDecider, type Decider } from './decide';
export type { Decided } from './decide-write';
export {
  decideEvent,
  hearingLimit,
  hopLimit,
  type DecidableEvent,
  type LiveRun,
  type PersonState,
  type Verdict,
} from './decide-rules';
export { createDeliverer, type Temporal } from './deliver';
export type { Delivered } from './deliver-observed';
export { loopUntilStopped, type Loop, type Rounds } from './loop';
export { createOperator, type Operator } from './operate';
export { requestTrigger, type TriggerRequest, type TriggerVerdict } from './request';
export { createRouter } from './router';
export { createSweep, type Sweep } from './sweep';
