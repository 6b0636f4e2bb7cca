/**
 * The port between a run and the world: time, waiting, and calls. It has two implementations, on Temporal
 * (`runtime/temporal`) and on a simulated clock (`runtime/simulated`), held to one suite of scenarios.
 */
import type { Ending, JourneyEvent, RunRef, SendOutcome, Told, TraceStep } from './run-data';

/**
 * Every call carries the run and the trace since the last call; every answer says whether the run has ended in the
 * store. A run that is told `ended` ends; one whose row is gone or belongs to another number is told `stale`.
 */
export interface Carried {
  run: RunRef;
  /** Position of the first of `steps` in the run's trace. */
  position: number;
  steps: TraceStep[];
}

/** What a run is about to wait for, and until when at the latest (`idle`: at the earliest), in the stack's ms. */
export interface Waiting {
  step: string;
  until?: number;
}

export interface Announced {
  until?: number;
}

export interface Answer<T> {
  value: T;
  ended?: Ending;
  stale?: true;
}

export interface SendRequest {
  /** Journey, key, run number, step: never a clock, a random, or an execution id. */
  stepKey: string;
  step: string;
  message: string;
  props: Record<string, unknown>;
  channel?: string;
}

/**
 * Reads, and small writes that may be made twice: local activities on Temporal, but for `update` and `emit`, which
 * change what the person's past is. Each settles the person's pending events first.
 */
export interface Reads {
  /**
   * Carries the trace out before a wait, and what is waited for. Answers until when, as it was asked: a run that is gone
   * through again, on Temporal, is so told the time of the first time (see `Run.announce`).
   */
  report(c: Carried, a: { waiting?: Waiting }): Promise<Answer<Announced | null>>;
  /** When the person (by one of these events, or by any activity) was last active; the stack's ms, or null. */
  lastActive(c: Carried, a: { of?: string[] }): Promise<Answer<number | null>>;
  /** This person's events of these names that the run hears, accepted from `from` to `until` (stack's ms, inclusive), oldest first. */
  catchUp(
    c: Carried,
    a: { events: string[]; from: number; until: number; sendId?: string },
  ): Promise<Answer<JourneyEvent[]>>;
  check(c: Carried, a: { name: string; args: unknown; trigger: JourneyEvent }): Promise<Answer<unknown>>;
  /** The person's sticky variant; `weights` as the author gave them. */
  assign(c: Carried, a: { experiment: string; weights: Record<string, number> }): Promise<Answer<string>>;
  /** Changes traits of the person, through accept. */
  update(c: Carried, a: { stepKey: string; traits: Record<string, unknown> }): Promise<Answer<null>>;
  /** Reports an event of the person, through accept; `hop` counts emissions behind it. */
  emit(
    c: Carried,
    a: { stepKey: string; event: string; properties: Record<string, unknown>; trigger: JourneyEvent },
  ): Promise<Answer<null>>;
  /** The last call of a run: its row is ended unless something else has ended it. */
  finish(c: Carried, a: { ending: Ending }): Promise<Answer<null>>;
}

/** What goes outside: an ordinary activity on Temporal, retried for as long as it takes. */
export interface Acts {
  send(c: Carried, a: SendRequest): Promise<Answer<SendOutcome>>;
}

export type Ops = Reads & Acts;
export type OpName = keyof Ops;

export interface Port {
  /** The stack's time, in milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Waits until `woken()` is true or the stack's time is `until` (ms), whichever comes first; `name` is what people
   * read in Temporal's UI. Without `until` it waits for ever.
   */
  wait(name: string, until: number | undefined, woken: () => boolean): Promise<'woken' | 'expired'>;
  /**
   * Calls an operation. When `abandon()` becomes true while a send waits for its next retry, the send is cancelled
   * and the call rejects with `Abandoned`; an attempt that runs is finished and its result arrives.
   */
  call<N extends OpName>(
    op: N,
    carried: Carried,
    args: Parameters<Ops[N]>[1],
    abandon?: () => boolean,
  ): Promise<Awaited<ReturnType<Ops[N]>>>;
  /** The run's story so far, for whoever looks at it in Temporal's UI. Costs nothing. */
  tell(markdown: string): void;
}

/** Rejected by `Port.call` when the call was cancelled before an attempt ran. */
export class Abandoned extends Error {
  readonly code = 'abandoned';
}

/** What the port's owner feeds: the items that the run is told, in order. */
export interface Ear {
  told(items: Told[]): void;
}
