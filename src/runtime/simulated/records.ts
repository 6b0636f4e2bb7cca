/** What a `World` keeps, in the words of the store's tables. */
import type { Check } from '../../behaviour';
import type { Ending, HeaderData, JourneyEvent, StartArgs, ToldSignal, TraceStep } from '../../journey';
import type { Choice, Messages, Topic } from '../../messaging';
import type { Verdict } from '../../routing';

/** What journeys use: messages to send, and checks to ask. */
export interface Content {
  messages: Messages;
  topics: readonly Topic[];
  checks: Record<string, Check<never, unknown>>;
}

export interface KeptEvent extends JourneyEvent {
  activity: boolean;
  hop: number;
}

export interface Person {
  id: string;
  userId: string;
  traits: Record<string, unknown>;
  choices: Choice[];
  suppressed?: string;
  erased: boolean;
  events: KeptEvent[];
  assignments: Map<string, string>;
  lastEntries: Map<string, number>;
}

export interface RunRow {
  id: string;
  number: number;
  journey: string;
  key: string;
  workflowId: string;
  personId: string;
  header: HeaderData;
  holdout: boolean;
  trigger: KeptEvent;
  startedAt: number;
  heard: number;
  ending?: Ending;
  steps: TraceStep[];
}

export interface Send {
  id: string;
  stepKey: string;
  run: string;
  personId: string;
  message: string;
  channel: string;
  props: Record<string, unknown>;
  marketing: boolean;
  state: 'sent' | 'skipped' | 'held' | 'uncertain' | 'failed';
  reason?: string;
  why?: Record<string, unknown>;
  at: number;
}

export interface Watch {
  journey: string;
  personId: string;
  event: string;
  since: number;
  fires: number;
}

export interface Decision {
  at: number;
  event: string;
  personId: string;
  verdict: Verdict;
}

/** What must be told to the runtime, in order. */
export type WorldDelivery =
  { kind: 'start'; workflowId: string; start: StartArgs } | { kind: 'told'; workflowId: string; signal: ToldSignal };
