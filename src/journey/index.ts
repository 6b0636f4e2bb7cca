export { addressNames } from './addresses';
export { createJourney, type Journey, type JourneyFunction } from './authoring';
export type { CatalogJourney } from './catalog';
export { day, durationInWords, formatDuration, hour, minute, parseDuration, second, week } from './duration';
export { bucket, pickVariant, wrongWeights } from './experiment';
export type {
  Comparison,
  Condition,
  Duration,
  DurationUnit,
  EventMatch,
  HeaderData,
  Quantity,
  Scalar,
  Trigger,
} from './header';
export { hears } from './hearing';
export { loadHeader, type KnownNames } from './header-check';
export type { AbsentTrigger, AnyTypes, EventName, Header, HeaderInput, NamesOf, StaticTypeError } from './header-input';
export { isStartArgs, keyValue, personKey, personOnly, stepKey, workflowKey } from './ids';
export type { Exit, J, MessageEventName, MessageRef, SendOptions, SendResult, WaitOptions } from './j';
export { matches } from './matching';
export { Abandoned, type Acts, type Answer, type Carried, type Ear, type OpName, type Ops, type Port } from './port';
export type { Announced, Reads, SendRequest, Waiting } from './port';
export type {
  Ending,
  JourneyEvent,
  Outcome,
  RunPerson,
  RunRef,
  SendOutcome,
  SkipReason,
  StartArgs,
  Told,
  ToldSignal,
  TraceStep,
} from './run-data';
export { lackingGlobals } from './sandbox-globals';
export { nameOf, timeOf, zoneOf, type TimeOfDay, type Weekday, type When } from './sleep-until';
export { cutBetweenCharacters, storableText } from './storable';
export { absenceEvent, activityOf, factsOf, requestedEvent } from './trigger-facts';
export { JourneyFailed, runJourney, type RunningJourney } from './verbs/run-journey';
export { RunEnded } from './verbs/run';
