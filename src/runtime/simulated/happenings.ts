/** What can happen to people in a scenario, besides the passing of time. */
import type { Duration } from '../../journey';

export type Happening =
  | {
      kind: 'event';
      event: string;
      properties?: Record<string, unknown>;
      /** The same id twice is the same event. */
      id?: string;
      /** How long before it was accepted it happened. */
      late?: Duration;
    }
  | { kind: 'identify'; traits: Record<string, unknown> }
  /** Asks for a journey, with facts. */
  | { kind: 'request'; journey: string; facts?: Record<string, unknown> }
  /** The person's choice about a topic, or about all marketing. */
  | { kind: 'choose'; topic?: string; state: 'in' | 'out' }
  /** An operator's switch on a message; `provider` changes what sending it comes to. */
  | { kind: 'message'; message: string; set: 'paused' | 'running' | 'refused' | 'uncertain' }
  | { kind: 'mode'; journey: string; set: 'live' | 'shadow' | 'paused' }
  /** An operator stops the person's runs. */
  | { kind: 'stop'; reason?: string }
  | { kind: 'erase' };
