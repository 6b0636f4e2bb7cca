/**
 * What every source hands to `accept`: an event or call that has been parsed, limited and normalised, so that nothing
 * behind it looks at raw input again.
 */

export type IncomingType = 'track' | 'identify' | 'page' | 'screen' | 'group' | 'alias';

export interface IncomingEvent {
  type: IncomingType;
  /** The event's name in the plan's words; the type's own name for everything but `track`. */
  name: string;
  /** The dedupe key, the sender's own or a made one. */
  messageId: string;
  userId?: string;
  anonymousId?: string;
  /** Of `alias` only: the id that was used so far. */
  previousId?: string;
  /** Of `alias` only: who reports it may speak for users, so that a `previousId` that is a user's joins two known users. */
  joinsUsers?: boolean;
  /** Named by Sojourn itself in place of an id of the outside: clicks, and what journeys emit. */
  personId?: string;
  /** The event's properties; the traits of `identify` and `group`. */
  properties: Record<string, unknown>;
  /** When it happened, on the stack's clock, in milliseconds since the Unix epoch; never in the future. */
  occurredAt: number;
  /** Where it came from: `http`, `browser`, `temporal`, `journey` … */
  source: string;
  /** Whether the tracking plan names it. */
  planned: boolean;
  /** Whether it counts as something that the person did. */
  activity: boolean;
  /** Emissions of journeys behind it; unset is none. */
  hop?: number;
  context?: Record<string, unknown>;
}

/** Why one call of a request was not taken. `index` is its place in a batch, 0 for a single one. */
export interface Rejection {
  index: number;
  /** The field that is wrong, as in `properties.items[0].price`; empty for the whole call. */
  path: string;
  detail: string;
  /** Too large is told apart from wrong, since HTTP does so; `forbidden` is what this key may not do. */
  kind: 'invalid' | 'too_large' | 'forbidden';
}
