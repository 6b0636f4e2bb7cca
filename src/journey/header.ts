/**
 * A journey's header as data: what the router and the pages read without running the body, and what a run carries
 * in its arguments, so that it keeps the rules it started with. Everything here survives JSON.
 */

/** How long: a number and a unit, as in `30 minutes`. Checked by the compiler and again when a journey is loaded. */
export type Duration = `${number} ${DurationUnit}`;
export type DurationUnit =
  'second' | 'seconds' | 'minute' | 'minutes' | 'hour' | 'hours' | 'day' | 'days' | 'week' | 'weeks';

export type Scalar = string | number | boolean;

/** What can be asked of a person's past and of the trigger, without side effects. */
export type Quantity =
  | { kind: 'cart'; what: 'value' | 'count' }
  | { kind: 'property'; name: string }
  | { kind: 'trait'; name: string }
  | { kind: 'times'; event: string; same?: string; withinMs?: number; without?: string };

export type Comparison = 'moreThan' | 'atLeast' | 'lessThan' | 'atMost' | 'equals';

/** A pure rule over the trigger, the person's traits and what the person did. */
export type Condition =
  | { kind: 'compare'; of: Quantity; is: Comparison; than: Scalar }
  | { kind: 'all'; of: Condition[] }
  | { kind: 'any'; of: Condition[] }
  | { kind: 'not'; of: Condition };

/** What starts a journey. */
export type Trigger =
  | { kind: 'event'; event: string }
  /** The event has happened before, and then not again for this long. */
  | { kind: 'absent'; event: string; forMs: number }
  /** Only on request: `POST /api/trigger/:journey`, or a Temporal client. */
  | { kind: 'api' };

/** An event, and the values that its properties must have. */
export interface EventMatch {
  event: string;
  where?: Record<string, Scalar>;
}

/** The header after loading: defaults filled in, durations in milliseconds. */
export interface HeaderData {
  on: Trigger[];
  when?: Condition;
  /** `person`, or the property of the trigger that makes runs distinct within a person. */
  key: string;
  entry: { kind: 'unlimited' } | { kind: 'once' } | { kind: 'per'; everyMs: number };
  entryMaxAgeMs: number;
  onRepeat: 'ignore' | 'restart' | 'hear';
  hears: string[];
  exitOn: EventMatch[];
  goal?: EventMatch & { withinMs: number };
  /** Percent of the people who enter that are never messaged. */
  holdout: number;
  mode: 'live' | 'shadow' | 'paused';
  topic?: string;
  priority: 'normal' | 'high';
  versions: 'pinned' | 'follow';
}
