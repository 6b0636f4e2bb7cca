/**
 * What a worker calls for its runs, and what whoever starts a worker must bring: the operations of the port, and those
 * of `ExternalOps`. Each is an activity of the same name.
 */
import type { Ops } from '../../journey';
import type { ExternalOps } from '../temporal';

/** Which execution calls, and on which code: what `report` keeps with the run. */
export interface At {
  /** The bundle that the run's code comes from. */
  version: string;
  workflowId: string;
  temporalRunId: string;
  /** From 1. */
  attempt: number;
}

/** Makes the operations for one call. */
export type ActivityOps = (at: At) => Ops & ExternalOps;

/** Every operation's name; a test holds that it is complete. */
export const opNames = [
  'report',
  'lastActive',
  'catchUp',
  'check',
  'assign',
  'update',
  'emit',
  'finish',
  'send',
  'acceptSignal',
  'adoptStart',
  'giveUp',
] as const satisfies readonly (keyof (Ops & ExternalOps))[];
