/**
 * The answers that the pages read, as JSON has them: whatever shows them imports these types, and every handler is held
 * to them by the compiler. Types only. Times are ISO 8601 of the stack's clock unless they say `wall`.
 */
import type { SendState } from '../db/names';
import type { HeaderData } from '../journey';

export type { AuditKind, SendState } from '../db/names';
export type * from './answers-audit';
export type * from './answers-journeys';
export type * from './answers-messages';
export type * from './answers-people';

/** What a handler has before it becomes JSON: a time may still be a Date. */
export type Unsent<T> = T extends string
  ? string extends T
    ? T | Date
    : T
  : T extends readonly (infer One)[]
    ? readonly Unsent<One>[]
    : T extends object
      ? { [Name in keyof T]: Unsent<T[Name]> }
      : T;

/** `application/problem+json` of every error. */
export interface ProblemAnswer {
  type: string;
  title: string;
  status: number;
  /** What is wrong, and what to do. */
  detail: string;
  /** The wrong field. */
  path?: string;
  errors?: { index?: number; path: string; detail: string }[];
}

export type Mode = HeaderData['mode'];

// GET, POST and DELETE /v1/session ------------------------------------------------------------------------------------

/**
 * All requests of the pages carry the header `x-sojourn-csrf: 1`: what changes something is refused without it, also at
 * `/v1/session`, and with it no 401 makes the browser ask for a password.
 * POST takes `{ password }`, or `{ demo: true }` where `demo` is true; it answers 200 with this, or 401.
 */
export interface SessionAnswer {
  signedIn: boolean;
  /** The stack's time now. */
  at: string;
  /** How many times as fast as the wall's clock the stack's runs. */
  timeScale: number;
  /** An embedded stack on somebody's machine. */
  development: boolean;
  /** `POST /v1/session { demo: true }` signs in without a password. */
  demo: boolean;
  /** There is a built-in inbox: `GET /v1/inbox`. */
  inbox: boolean;
  version: string;
  /** Only when signed in. */
  publicUrl?: string;
  /** Only when signed in, and where it is known. */
  temporalUi?: { url: string; namespace: string };
}

// GET /v1/overview?minutes=60 -----------------------------------------------------------------------------------------

export interface OverviewAnswer {
  /** The stack's time of this answer, which relative times are relative to. */
  at: string;
  minutes: number;
  /** Stack's seconds. */
  bucketSeconds: number;
  events: {
    /** A second of the wall's clock, over its last 10. */
    perSecond: number;
    /** In the window. */
    total: number;
    /** Every bucket of the window, oldest first; `at` is its beginning. */
    series: { at: string; count: number }[];
  };
  runs: {
    live: number;
    /** In the window. */
    started: number;
    ended: number;
    series: { at: string; started: number; ended: number }[];
    byJourney: {
      journey: string;
      mode: Mode;
      live: number;
      /** In the window. */
      started: number;
      ended: number;
      /** Of these, those that the goal ended; null of a journey without one. */
      converted: number | null;
    }[];
  };
  messages: {
    /** By when they were created, and what they have come to since; `sent` counts delivered ones too. */
    series: { at: string; sent: number; skipped: number; failed: number; held: number; uncertain: number }[];
    /** In the window; a state that none is in is left out. */
    counts: Partial<Record<SendState, number>>;
  };
  attention: {
    /** Now, whenever created. Counted up to 1000. */
    uncertain: number;
    held: number;
    /** In the window. */
    failed: number;
    /** Runs that failed in the window, by journey, with what the last one failed with. */
    failedRuns: { journey: string; runs: number; reason: string | null }[];
    /** Calls refused and kept aside, in the window. Counted up to 1000. */
    setAside: number;
    /** Names of events that are not in the tracking plan: the 20 most frequent, of the 100 most frequent of each bucket. */
    unplanned: { name: string; count: number }[];
    /** What waits to be decided, and to be told to Temporal; counted up to 10,000. `oldestSeconds` are the wall's. */
    waiting: { pending: number; deliveries: number; oldestSeconds: number };
  };
  /** As `/readyz` has it. */
  parts: Record<string, PartState>;
}

export interface PartState {
  ready: boolean;
  /** What is wrong, for who may read. */
  detail?: string;
}

// GET /readyz ---------------------------------------------------------------------------------------------------------

export interface ReadyAnswer {
  ready: boolean;
  parts: Record<string, PartState>;
}

// GET /v1/keys, POST /v1/keys { kind, name }, POST /v1/keys/:id/rotate, DELETE /v1/keys/:id ---------------------------

export interface KeyItem {
  id: string;
  kind: 'browser' | 'server' | 'secret';
  name: string;
  createdAt: string;
  revokedAt: string | null;
}

export interface KeysAnswer {
  at: string;
  /** Oldest first; those that the environment gives are not among them. */
  keys: KeyItem[];
}

/** Of making (201) and of rotating (201): shown this once. The old key of a rotation stays until it is revoked. */
export interface NewKeyAnswer {
  id: string;
  key: string;
}

export interface RevokedKeyAnswer {
  id: string;
  revoked: true;
}
