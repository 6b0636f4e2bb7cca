/** What runs in Temporal's sandbox: the dispatcher that every journey is reached through, and its side of the port. */
export { interceptors } from './activation';
export {
  attributeNames,
  journeyAttribute,
  outcomeAttribute,
  personAttribute,
  runAttribute,
  type AttributeName,
} from './attributes';
export { makeDispatcher, type Dispatched } from './dispatcher';
export type { Adopted, ExternalOps, ForeignSignal, ForeignStart, NamedPerson, SignalledEvent } from './external';
export type { RunLimits } from './calls';
export { inWellFormedWords } from './well-formed';
