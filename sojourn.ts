/**
 * Binds the tracking plan, the messages and the checks to the words that `workflows/` are written with. Types only: the
 * files they come from don't run in Temporal's sandbox, and are not in a workflow's bundle.
 */
import type { checks } from './activities';
import type { plan } from './events';
import type { messages } from './messages';
import { createBehaviour, createJourney, type ChecksOf, type EventsOf, type MessagesOf } from './src';

export interface Types {
  events: EventsOf<typeof plan>;
  messages: MessagesOf<typeof messages>;
  checks: ChecksOf<typeof checks>;
}

export const journey = createJourney<Types>();
export const { absent, all, any, cart, not, property, times, trait } = createBehaviour<Types>();
