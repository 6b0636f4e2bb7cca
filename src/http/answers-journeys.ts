/** Journeys and runs, as the pages read them. See answers.ts. */
import type { HeaderData, JourneyEvent, Outcome } from '../journey';
import type { ChangeMark, Mode, SendState } from './answers';

// GET /v1/journeys, GET /v1/journeys/:id?days=30 ----------------------------------------------------------------------

export interface RunTally {
  entered: number;
  live: number;
  /** Ended runs by what ended them: a goal that was reached after the end is not among `converted`. */
  outcomes: Partial<Record<Outcome | 'unknown', number>>;
}

export interface JourneySummary {
  id: string;
  mode: Mode;
  /** Who set the mode last, and when; null where nobody did. */
  modeChange: ChangeMark | null;
  /** The header in sentences. */
  says: string[];
  counts: RunTally;
  results: { messaged: RunTally; holdout: RunTally };
  /** Versions of code that live runs are on. */
  versions: { version: string | null; live: number }[];
  header: HeaderData;
}

export interface JourneysAnswer {
  at: string;
  journeys: JourneySummary[];
}

/** POST /v1/journeys/:id/pause, resume, start. */
export interface ModeAnswer {
  id: string;
  mode: Mode;
}

export interface JourneyAnswer extends JourneySummary {
  at: string;
  /** What follows is about runs that entered in that many days; of these the newest `of` at most. */
  days: number;
  of: number;
  /** Whether there were more runs than that. */
  cut: boolean;
  /** What else was cut: the funnel's steps at the 60 that most runs came through, the others where they say it. */
  cuts: { steps: boolean; messages: boolean; series: boolean; refusals: boolean };
  /** Of these runs, those whose time for the goal is not over: their start is no longer ago than its `within`. */
  stillOpen: number;
  /**
   * From entry to goal. The first is `entered`, the last `goal` where the header has one; in between, what the runs came
   * through, in its order. `share` is of all that entered, from 0 to 1. A run has reached the goal if its person did it
   * within the goal's time, also after the run had ended.
   */
  funnel: FunnelStep[];
  /** `holdout` first, where there is one, with `held out` and `messaged`; then each experiment. */
  variants: VariantCount[];
  /** Where people are now: the last step that each live run has settled (`entered`: none yet), of the newest `of`. */
  where: { step: string; label: string; runs: number }[];
  /** Created in the window; of the newest 10,000. */
  messages: { message: string; state: SendState; count: number }[];
  /** Entered by the stack's day (UTC), every day of the window, oldest first; of the newest 200,000. */
  series: { at: string; count: number }[];
  /** Why people did not enter, in the window, the most frequent first; of the newest 10,000. */
  refusals: { reason: string; label: string; count: number }[];
}

export interface VariantCount {
  experiment: string;
  variant: string;
  runs: number;
  goals: number;
  rate: number;
  /** Of `runs`, those whose time for the goal is not over. */
  stillOpen: number;
  /** The newest 3,000 of the window whose time is over: what may be compared. */
  settled: { runs: number; goals: number };
}

export interface FunnelStep {
  kind: 'entered' | 'step' | 'send' | 'goal';
  /** As the trace names it: `idle 30m`; `entered` and `goal` for the ends. */
  step: string;
  /** In words: `waits for 30 minutes without activity`. */
  label: string;
  runs: number;
  share: number;
  /** Of a send: how many of those runs had it sent, and how many not. */
  sent?: number;
  skipped?: number;
}

// GET /v1/runs?journey=&person=&state=&limit=&before=, GET /v1/runs/:id -----------------------------------------------

/** What tells a run from others of its journey and person: the property that the header's `key` names, and its value. */
export interface Keyed {
  by: string;
  value: string;
}

export interface RunSummary {
  id: string;
  journey: string;
  /** Usable in `/people/:id`. */
  person: string;
  key: string;
  /** Null where there is one live run per person. */
  keyed: Keyed | null;
  workflowId: string;
  temporalRunId: string | null;
  number: number;
  state: 'live' | 'ended';
  outcome: Outcome | null;
  reason: string | null;
  holdout: boolean;
  mode: string;
  version: string | null;
  /** Events it was told. */
  heard: number;
  /** What a live run waits for; `until` is the latest time, for inactivity the earliest. */
  waiting: { step: string; label: string; until: string | null } | null;
  startedAt: string;
  endedAt: string | null;
  /** Its page in Temporal's UI, where that is known. */
  temporal: string | null;
}

export interface RunsAnswer {
  at: string;
  runs: RunSummary[];
  /** Given as `before`, the next page. */
  next: string | null;
}

export interface RunStep {
  position: number;
  at: string;
  /** As the trace names it. */
  step: string;
  label: string;
  result: string;
  why: Record<string, unknown> | null;
}

export interface RunAnswer extends RunSummary {
  at: string;
  /** Who stopped it, of a run that an operator did. */
  stopped: ChangeMark | null;
  says: string[];
  trigger: JourneyEvent;
  header: HeaderData;
  /** The newest 1,000 at most, oldest first. */
  steps: RunStep[];
}

/** POST /v1/runs/:id/exit `{ reason? }` */
export interface ExitAnswer {
  id: string;
  /** False if it was not live. */
  ended: boolean;
  state: 'live' | 'ended';
  outcome: Outcome | null;
  reason: string | null;
}
