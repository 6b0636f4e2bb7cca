/** Events that start a run without being something the person did, and the facts that they bring. */
import type { JourneyEvent } from './run-data';

/** Names of the events that Sojourn makes itself. */
export const requestedEvent = 'trigger_requested';
export const absenceEvent = 'absence_reached';

/** What `POST /api/trigger/:journey` gave, or nothing for another event. */
export function factsOf(event: JourneyEvent): Record<string, unknown> {
  if (event.name !== requestedEvent) return {};
  const facts = event.properties['facts'];
  return isRecord(facts) ? { ...event.properties, ...facts } : event.properties;
}

/** When the person was last active, as far as the event that started the run says; milliseconds. */
export function activityOf(event: JourneyEvent): number | undefined {
  if (event.name === absenceEvent) return undefined;
  if (event.name !== requestedEvent) return event.at;
  const fact = factsOf(event)['lastActivity'];
  if (typeof fact === 'number' && Number.isFinite(fact)) return fact;
  const parsed = typeof fact === 'string' ? Date.parse(fact) : NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}

function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === 'object' && x !== null && !Array.isArray(x);
}
