/** A journey's header as its author writes it, typed by the team's events. `loadHeader` turns it into `HeaderData`. */
import type { Condition, Duration, Scalar, Trigger } from './header';

/** What a team's code is: from name to shape. */
export interface AnyTypes {
  /** Properties by event. */
  events: object;
  /** Props by message. */
  messages: object;
  /** What each check takes and answers. */
  checks: object;
}

/** A mistake said in English where the compiler shows it. */
export interface StaticTypeError<Message extends string> {
  readonly mistake: Message;
}

export type EventName<T extends AnyTypes> = keyof T['events'] & string;
export type AbsentTrigger = Extract<Trigger, { kind: 'absent' }>;

type ScalarProperties<P> = { [K in keyof P]?: Extract<P[K], Scalar> };

/** An event, or one with the values that its properties must have. */
export type MatchInput<T extends AnyTypes> =
  EventName<T> | { [E in EventName<T>]: { event: E; where?: ScalarProperties<T['events'][E]> } }[EventName<T>];

type GoalInput<T extends AnyTypes> = {
  [E in EventName<T>]: { event: E; where?: ScalarProperties<T['events'][E]>; within: Duration };
}[EventName<T>];

export type EntryInput = { once: 'ever' | 'unlimited' | `per ${Duration}` };

/** Properties that every one of these events has, and so can make runs distinct. */
type CommonKey<T extends AnyTypes, On> = [On] extends [keyof T['events']] ? NamesOf<T['events'][On]> : never;

/** The names of the properties that are named; a schema without any has `string` for its keys. */
export type NamesOf<P> = string extends keyof P ? never : keyof P & string;

export interface Header<T extends AnyTypes, On, Hears, OnRepeat> {
  /** What starts it: events of the plan, `absent(…)`, or `'api'` for nothing but requests. */
  on: On | readonly On[];
  /** Pure rule over the event, the person's traits and what they did. */
  when?: Condition;
  /** `'person'` (the default), or the property that makes runs distinct within a person. */
  key?: 'person' | CommonKey<T, On>;
  /** How often one may enter; unlimited unless set. */
  entry?: EntryInput;
  /** An older trigger starts nothing; 1 hour unless set. */
  entryMaxAge?: Duration;
  /** What a repeated trigger does to a live run; `ignore` unless set. */
  onRepeat?: OnRepeat;
  /** Further events that the body may wait for. */
  hears?: readonly Hears[];
  /** Events that end the run, wherever it waits. */
  exitOn?: readonly MatchInput<T>[];
  /** Ends the run too, and is the conversion that is measured, until this long after the start. */
  goal?: GoalInput<T>;
  /** Percent of those who enter that are never messaged. */
  holdout?: number;
  /** `shadow`: all but the sends. `paused`: nobody enters. */
  mode?: 'live' | 'shadow' | 'paused';
  /** The consent topic of its messages. */
  topic?: string;
  priority?: 'normal' | 'high';
  /** `pinned`: a run goes on with the code that it started with. `follow`: with the newest. */
  versions?: 'pinned' | 'follow';
}

/** The header without its types, as it is loaded. */
export interface HeaderInput {
  on: string | AbsentTrigger | readonly (string | AbsentTrigger)[];
  when?: Condition;
  key?: string;
  entry?: EntryInput;
  entryMaxAge?: Duration;
  onRepeat?: 'ignore' | 'restart' | 'hear';
  hears?: readonly string[];
  exitOn?: readonly (string | { event: string; where?: Record<string, Scalar> })[];
  goal?: { event: string; where?: Record<string, Scalar>; within: Duration };
  holdout?: number;
  mode?: 'live' | 'shadow' | 'paused';
  topic?: string;
  priority?: 'normal' | 'high';
  versions?: 'pinned' | 'follow';
}
