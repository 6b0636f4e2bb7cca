import { createJourney } from '../../../src/journey';
import type { ChecksOf } from '../../../src/behaviour';
import type { EventsOf } from '../../../src/events';
import type { MessagesOf } from '../../../src/messaging';
import type { checks } from './activities';
import type { plan } from './events';
import type { messages } from './messages';

export const journey = createJourney<{
  events: EventsOf<typeof plan>;
  messages: MessagesOf<typeof messages>;
  checks: ChecksOf<typeof checks>;
}>();
