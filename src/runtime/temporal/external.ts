/**
 * What Temporal's own clients, in any language, may say to a journey, and what Sojourn answers; and what else only a
 * run on Temporal asks for.
 */
import type { Answer, Carried, RunRef, SendOutcome, SendRequest, StartArgs } from '../../journey';

/** The argument of the `event` signal. */
export interface SignalledEvent {
  event: string;
  properties?: Record<string, unknown>;
  messageId?: string;
}

/** How a start by another client is known. */
export interface ForeignStart {
  journey: string;
  workflowId: string;
  /** Of the execution as it was started: a reset goes on under another, and this one stays. */
  temporalRunId: string;
  /** As they came. */
  args: unknown[];
}

/** Whom a start is about, as far as that is known: Sojourn's own id, or what the client called the person. */
export interface NamedPerson {
  personId?: string;
  userId?: string;
  anonymousId?: string;
}

export interface ForeignSignal {
  /** The run that was signalled: Sojourn's id of it. Not there when the start was refused. */
  run?: RunRef;
  /** Whom the event is of, where there is no run. */
  person?: NamedPerson;
  event: string;
  properties: Record<string, unknown>;
  messageId: string;
  /** The message id is not the client's: it was made here, the same whenever this signal is handled again. */
  made?: true;
}

/** `person`: whose the signals are that came with a start that was refused; nobody's when nobody was named. */
export type Adopted = { startArgs: StartArgs } | { refused: string; person?: NamedPerson };

/** Calls that only executions on Temporal make. */
export interface ExternalOps {
  /**
   * Accepts what came from outside with no number of Sojourn's; the promises hold from that commit. The event comes
   * back to the run as something it is told, if it hears it. `refused` says why it was not accepted.
   */
  acceptSignal(signal: ForeignSignal): Promise<{ refused?: string }>;
  /** Applies the entry rules to a plain start. Called again for the same start, it answers the same run. */
  adoptStart(start: ForeignStart): Promise<Adopted>;
  /** Settles a send that Temporal no longer retries: its outcome is what the ledger knows of it, or `failed`. */
  giveUp(carried: Carried, request: SendRequest, reason: string): Promise<Answer<SendOutcome>>;
}
