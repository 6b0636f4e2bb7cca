/**
 * The package's front door: what `events.ts`, `messages/`, `activities/` and `sojourn.ts` are written with. All of it is
 * pure, since `workflows/` load it too, in Temporal's sandbox: nothing here leads to Node, a database or zod.
 */
export {
  check,
  createBehaviour,
  type Behaviour,
  type Cart,
  type CartItem,
  type Check,
  type CheckContext,
  type ChecksOf,
} from './behaviour';
export { definePlan, type EventsOf, type Plan } from './events/plan';
export {
  createJourney,
  factsOf,
  type AnyTypes,
  type Duration,
  type Exit,
  type HeaderInput,
  type J,
  type Journey,
  type JourneyEvent,
  type SendResult,
} from './journey';
export type { Topic } from './messaging';
export { message, type Message, type MessageExample, type Messages, type MessagesOf } from './messaging/message';
