/**
 * The one workflow of a bundle: it runs the journey that the workflow type names. A journey that throws, a start that
 * makes no sense and a type that nobody knows fail the execution with a clear message, never the workflow task: that
 * would be retried for ever, and look like a hang.
 */
import {
  ApplicationFailure,
  ContinueAsNew,
  TemporalFailure,
  setWorkflowOptions,
  workflowInfo,
} from '@temporalio/workflow';
import type { Journey } from '../../journey';
import type { RunLimits } from './calls';
import { runExecution } from './execution';
import { journeyFailure } from './failure';
import { inWellFormedWords } from './well-formed';

type PlainWorkflow = (...args: unknown[]) => Promise<unknown>;
/** What a file in `workflows/` may export: a journey, or a plain Temporal workflow function. */
export type Dispatched = Journey | PlainWorkflow;

/** Makes the bundle's default export from its files' default exports, by journey id. */
export function makeDispatcher(journeys: Record<string, Dispatched>, limits: RunLimits = {}): PlainWorkflow {
  const find = (type: string) => (Object.hasOwn(journeys, type) ? journeys[type] : undefined);

  async function dispatch(...args: unknown[]): Promise<unknown> {
    const { workflowType } = workflowInfo();
    const journey = find(workflowType);
    if (!journey) {
      throw ApplicationFailure.nonRetryable(
        `There is no journey '${workflowType}'. There are: ${Object.keys(journeys).join(', ') || 'none'}.`,
        'UnknownJourney',
      );
    }
    try {
      return typeof journey === 'function' ? await journey(...args) : await runExecution(journey, args, limits);
    } catch (error) {
      throw inWellFormedWords(asFailure(error));
    }
  }

  setWorkflowOptions(() => {
    const journey = find(workflowInfo().workflowType);
    const follows = typeof journey === 'object' && journey.header.versions === 'follow';
    return { versioningBehavior: follows ? 'AUTO_UPGRADE' : 'PINNED' };
  }, dispatch);
  return dispatch;
}

/** Only these end an execution; any other error would fail its task. */
function asFailure(error: unknown): unknown {
  if (error instanceof TemporalFailure || error instanceof ContinueAsNew) return error;
  return journeyFailure(error);
}
