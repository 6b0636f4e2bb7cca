/** Whether an event is one that a header or a wait means. */
import type { EventMatch } from './header';
import type { JourneyEvent } from './run-data';

/** True when the name is the same and every property in `where` has exactly the value given. */
export function matches(match: EventMatch, event: Pick<JourneyEvent, 'name' | 'properties'>): boolean {
  if (match.event !== event.name) return false;
  return Object.entries(match.where ?? {}).every(([name, value]) => event.properties[name] === value);
}
