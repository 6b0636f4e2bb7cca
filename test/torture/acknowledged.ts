/** What the torture has done, and what Sojourn has acknowledged of it: what the invariants hold the store to. */

export interface Who {
  userId?: string;
  anonymousId?: string;
}

/** An event that was reported until it was acknowledged. Times are wall milliseconds. */
export interface Reported {
  messageId: string;
  who: Who;
  type: 'track' | 'identify' | 'alias';
  name: string;
  properties: Record<string, unknown>;
  /** Reports of one person by one actor, in their order. */
  nth: number;
  sentAt: number;
  /** Of the first acknowledgement. */
  ackedAt?: number;
}

/** A journey that was asked for by name, once. */
export interface Requested {
  messageId: string;
  journey: string;
  who: Who;
  sentAt: number;
  /** Unset where there was no answer; it may count all the same. */
  ackedAt?: number;
  run?: string;
}

export interface Unsubscribed {
  /** Sojourn's id of the person, as the link of the mail names it. */
  personId: string;
  topic: string;
  ackedAt: number;
}

export interface Stopped {
  run: string;
  ackedAt: number;
}

/** Something done in Temporal behind Sojourn's back, or by a plain client. */
export interface InTemporal {
  did: 'start' | 'signal' | 'terminate' | 'cancel' | 'reset';
  workflowId: string;
  temporalRunId?: string;
  /** Sojourn's own run that it was done to. */
  run?: string;
  messageId?: string;
  /** Of a reset: nothing is left of what was. */
  fromStart?: boolean;
  at: number;
}

/** Trouble that was made: until `until`, it was not as it should be. */
export interface Trouble {
  target: string;
  kind: 'killed' | 'hung' | 'stopped' | 'paused';
  from: number;
  until: number;
  /** How often a switch was asked for until it was acknowledged, if not once. */
  asked?: number;
}

/** A process that was told to stop in order, and what it exited with: null when it did not, and was killed. */
export interface Stop {
  target: string;
  from: number;
  until: number;
  code: number | null;
}

export interface Deploy {
  generation: number;
  from: number;
  /** When all processes had been started on it, or on a later one, and Temporal gave it new runs. */
  doneAt?: number;
}

export interface Acknowledged {
  reported: Reported[];
  requested: Requested[];
  unsubscribed: Unsubscribed[];
  stopped: Stopped[];
  inTemporal: InTemporal[];
  troubles: Trouble[];
  stops: Stop[];
  deploys: Deploy[];
}

export const nothingYet = (): Acknowledged => ({
  reported: [],
  requested: [],
  unsubscribed: [],
  stopped: [],
  inTemporal: [],
  troubles: [],
  stops: [],
  deploys: [],
});
