/** What a live run hears: the router tells it by this, and a wait that is over reads by it what was not told yet. */
import type { HeaderData } from './header';
import { keyValue } from './ids';
import type { JourneyEvent } from './run-data';

export interface Hearer {
  id: string;
  /** What makes it distinct within its person, as the header's key says. */
  key: string | undefined;
  header: HeaderData;
}

/** Of messages, those of its own; of repeated triggers, those of its own key. */
export function hears({ id, key, header }: Hearer, event: Pick<JourneyEvent, 'name' | 'properties'>): boolean {
  if (event.name.startsWith('message_')) return event.properties.run_id === id;
  if (header.hears.includes(event.name)) return true;
  return (
    header.onRepeat === 'hear' &&
    header.on.some((trigger) => trigger.kind === 'event' && trigger.event === event.name) &&
    (keyValue(header.key, event) ?? key) === key
  );
}
