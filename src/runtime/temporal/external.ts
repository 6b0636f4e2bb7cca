/** What Temporal's own clients, in any language, may say to a journey, and what Sojourn answers. */
import type { RunRef, StartArgs } from '../../journey';

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
  temporalRunId: string;
  /** As they came. */
  args: unknown[];
}

export interface ForeignSignal {
  /** The run that was signalled: Sojourn's id of it. */
  run: RunRef;
  event: string;
  properties: Record<string, unknown>;
  /** The client's, or one that is the same whenever this signal is handled again. */
  messageId: string;
}

/** Accepts what came from outside with no number of Sojourn's; the promises hold from their commit. */
export interface ExternalOps {
  /** The event comes back to the run as something it is told, if it hears it. `refused` says why it was not accepted. */
  acceptSignal(signal: ForeignSignal): Promise<{ refused?: string }>;
  /** Applies the entry rules to a plain start. Called again for the same execution, it answers the same. */
  adoptStart(start: ForeignStart): Promise<{ startArgs: StartArgs } | { refused: string }>;
}
