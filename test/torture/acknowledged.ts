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

export interface Requested {
  messageId: string;
  journey: string;
  who: Who;
  ackedAt: number;
  status: string;
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
  messageId?: string;
  at: number;
}

/** Trouble that was made: until `until`, it was not as it should be. */
export interface Trouble {
  target: string;
  kind: 'killed' | 'hung' | 'paused';
  from: number;
  until: number;
}

export interface Acknowledged {
  reported: Reported[];
  requested: Requested[];
  unsubscribed: Unsubscribed[];
  stopped: Stopped[];
  inTemporal: InTemporal[];
  troubles: Trouble[];
}

export const nothingYet = (): Acknowledged => ({
  reported: [],
  requested: [],
  unsubscribed: [],
  stopped: [],
  inTemporal: [],
  troubles: [],
});
