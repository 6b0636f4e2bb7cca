/** People and their timelines, as the pages read them. See answers.ts. */
import type { Outcome } from '../journey';
import type { Keyed, SendState } from './answers';

// GET /v1/people?search=&limit=&before=, GET /v1/people/:id -----------------------------------------------------------

export interface PersonSummary {
  /** Usable in `/people/:id` and `/v1/people/:id`, once encoded. */
  id: string;
  userId: string | null;
  email: string | null;
  name: string | null;
  firstSeenAt: string;
  lastSeenAt: string | null;
  liveRuns: number;
}

export interface PeopleAnswer {
  at: string;
  /** Seen last first. */
  people: PersonSummary[];
  next: string | null;
}

export interface PersonAnswer {
  at: string;
  /** Sojourn's own id. */
  id: string;
  userId: string | null;
  /** Of users who were joined to this one by an alias; they name the person, too. */
  otherUserIds: string[];
  anonymousIds: string[];
  traits: Record<string, unknown>;
  firstSeenAt: string;
  lastSeenAt: string | null;
  /** The topic `*` stands for all marketing. */
  consents: { topic: string; state: 'in' | 'out'; changedAt: string; source: string }[];
  variants: { experiment: string; variant: string }[];
}

// GET /v1/people/:id/timeline?limit=&before= --------------------------------------------------------------------------

/** Newest first; one order over all kinds. Their `run` leads to `/v1/runs/:id`, and `keyed` is that run's. */
export type TimelineItem =
  | {
      kind: 'event';
      at: string;
      id: string;
      name: string;
      type: string;
      properties: Record<string, unknown>;
      occurredAt: string;
      messageId: string;
      source: string;
      planned: boolean;
    }
  | {
      /** The choice that holds on a topic; `*` stands for all marketing. Earlier ones on it are not kept. */
      kind: 'consent';
      at: string;
      topic: string;
      /** As people read it. */
      label: string;
      state: 'in' | 'out';
      /** `one-click` of a mail program, the `page` of a mail's link, `preferences` … */
      source: string;
    }
  | {
      kind: 'decision';
      at: string;
      number: number;
      event: string;
      run: string | null;
      keyed?: Keyed;
      journey: string;
      verdict: 'entered' | 'refused' | 'heard' | 'ended' | 'deaf';
      /** Of a refusal: `paused`, `too_old`, `rule_not_met`, `already_running`, `entry_limit` …; of an end, what ended it. */
      reason: string | null;
      /** Of a refusal, its reason in words. */
      label: string | null;
      /** What was looked at, by its name in words, and what it came to. */
      inputs: Record<string, unknown> | null;
    }
  | { kind: 'run_started'; at: string; run: string; keyed?: Keyed; journey: string; holdout: boolean; mode: string }
  | {
      kind: 'step';
      at: string;
      run: string;
      keyed?: Keyed;
      journey: string;
      step: string;
      label: string;
      result: string;
      why: Record<string, unknown> | null;
    }
  | {
      kind: 'message';
      at: string;
      id: string;
      run: string;
      keyed?: Keyed;
      journey: string;
      message: string;
      channel: string;
      state: SendState;
      reason: string | null;
      subject: string | null;
      settledAt: string | null;
    }
  | {
      kind: 'run_ended';
      at: string;
      run: string;
      keyed?: Keyed;
      journey: string;
      outcome: Outcome | null;
      reason: string | null;
      /** The name of who stopped it, of a run that an operator did. */
      by: string | null;
    };

export interface TimelineAnswer {
  /** The stack's time of this answer. */
  at: string;
  items: TimelineItem[];
  next: string | null;
}
