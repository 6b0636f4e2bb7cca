/**
 * What passes between the router and a run, and between a run and the store: start arguments, told items, trace
 * steps and endings. All of it is JSON, and grows by optional fields only, since runs in flight read it with older code.
 */
import type { HeaderData } from './header';

/** An accepted event, as journeys see it. Times are milliseconds of the stack's clock since the Unix epoch. */
export interface JourneyEvent {
  id: string;
  name: string;
  properties: Record<string, unknown>;
  /** When it happened, by its sender's corrected clock. */
  at: number;
  /** When it was accepted. */
  acceptedAt: number;
}

/** How a run ended. */
export type Outcome =
  | 'completed' // the body returned
  | 'exited' // an exit event, or `j.exit`
  | 'converted' // the goal
  | 'superseded' // restarted by a repeated trigger, or the younger run of two merged people
  | 'stopped' // by an operator
  | 'terminated' // ended from outside: in Temporal's UI
  | 'failed' // the body threw
  | 'erased'
  | 'not_entered'; // started by a Temporal client, refused by the entry rules

export interface Ending {
  outcome: Outcome;
  reason?: string;
  /** The stack's time of what ended it, in milliseconds. */
  at: number;
}

/** A line of a run's trace: what the step came to, and the inputs that decided it. */
export interface TraceStep {
  /** The stack's time at which the step was settled, in milliseconds. */
  at: number;
  /** Its verb and object: `send cart-reminder`, `idle 30m`; equal steps are numbered: `send cart-reminder #2`. */
  step: string;
  /** In a word or two: `sent`, `skipped`, `expired`, `heard add_to_cart`, `yes` … */
  result: string;
  why?: Record<string, unknown>;
}

export interface RunPerson {
  /** Sojourn's own opaque id of the person. */
  id: string;
  userId?: string;
  /** Without addresses: no e-mail, no phone. */
  traits: Record<string, unknown>;
}

/** Names a run in each call that it makes: the row, and the number it was started under. */
export interface RunRef {
  id: string;
  number: number;
  journey: string;
  key: string;
  personId: string;
}

/** The one argument of a journey's workflow when the router starts it. */
export interface StartArgs {
  sojourn: 1;
  run: RunRef;
  header: HeaderData;
  /** What started it. */
  event: JourneyEvent;
  person: RunPerson;
  startedAt: number;
  /** The stack's clock: `now = epoch + (wall − epoch) × scale`. */
  clock: { epoch: number; scale: number };
  /** Temporal knows the search attribute `SojournOutcome`, which is set when the run ends. */
  outcomeAttribute?: true;
}

/** One thing that a run is told, numbered; a run drops what is not above the last number it has seen. */
export type Told =
  | { n: number; kind: 'event'; event: JourneyEvent }
  | { n: number; kind: 'end'; ending: Ending }
  /** What held a send back may have changed: try again. */
  | { n: number; kind: 'wake' };

/** The argument of the `told` signal. Items for another run of the same workflow id are ignored. */
export interface ToldSignal {
  run: string;
  items: Told[];
}

export type SkipReason =
  | 'unsubscribed'
  | 'no_consent'
  | 'suppressed'
  | 'capped'
  | 'cooldown'
  | 'quiet_hours'
  | 'exited'
  | 'erased'
  | 'holdout'
  | 'unreachable'
  | 'superseded'
  | 'shadow';

/** What a send came to. `held` is between: the run waits and asks again. */
export type SendOutcome =
  | { status: 'sent'; id: string }
  | { status: 'skipped'; id: string; reason: SkipReason; why?: Record<string, unknown> }
  | { status: 'uncertain'; id: string }
  | { status: 'failed'; id: string; reason: string }
  | { status: 'held'; id: string; reason: string; untilMs?: number };
