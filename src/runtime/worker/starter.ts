/**
 * The calls that Sojourn makes to Temporal: start a run, tell it something, look at it, end it. A start that is made
 * twice starts once, as long as no other execution of its workflow id came between (then the run's first activity
 * finds that it is stale).
 */
import { type Client, type WorkflowExecutionInfo, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { type InternalWorkflowStartOptions, InternalWorkflowStartOptionsSymbol } from '@temporalio/client/lib/internal';
import { type SearchAttributePair, WorkflowNotFoundError } from '@temporalio/common';
import type { StartArgs, ToldSignal } from '../../journey';
import { journeyAttribute, personAttribute, runAttribute } from '../temporal';
import type { KnownAttributes } from './known-attributes';
import { reachingTemporal } from './unreachable';

export interface StartRequest {
  workflowId: string;
  journey: string;
  start: StartArgs;
  /** Sojourn's own id of the person: search attributes never hold an address. */
  personId: string;
  runId: string;
}

/** `busy`: the workflow id belongs to an execution that is still open and is not this run's; try again later. */
export type StartAnswer = { status: 'started' | 'already_ours'; temporalRunId: string } | { status: 'busy' };

export type ExecutionStatus =
  'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'continued' | 'timed_out' | 'unknown';

export interface Execution {
  workflowId: string;
  temporalRunId: string;
  journey: string;
  /** `running` is the only one that is open. */
  status: ExecutionStatus;
  /** The run that the starter wrote in its memo; none for what other clients started. */
  sojournRun?: string;
  closedAt?: Date;
}

/** Each call throws `RetryLater` when the server can't be reached. */
export interface TemporalStarter {
  start(request: StartRequest): Promise<StartAnswer>;
  /** `gone`: no open execution has this id. */
  tell(told: { workflowId: string; signal: ToldSignal }): Promise<'told' | 'gone'>;
  /** The latest execution of this id, or the one of this Temporal run id. */
  describe(workflowId: string, temporalRunId?: string): Promise<Execution | undefined>;
  /**
   * Executions on this task queue that closed at or after `since` otherwise than by completing or going on as new, as
   * visibility knows them (some seconds late).
   */
  listCutShortSince(since: Date): AsyncIterable<Execution>;
  /** False if there was nothing open to terminate. */
  terminate(target: { workflowId: string; temporalRunId?: string; reason: string }): Promise<boolean>;
  /** Deletes an execution and its history. False if it was not there. */
  remove(target: { workflowId: string; temporalRunId: string }): Promise<boolean>;
}

const cutShort = `'Failed', 'Canceled', 'Terminated', 'TimedOut'`;

export interface StarterParts {
  client: Client;
  taskQueue: string;
  knownAttributes: KnownAttributes;
}

export function createTemporalStarter({ client, taskQueue, knownAttributes }: StarterParts): TemporalStarter {
  const describe = (workflowId: string, temporalRunId?: string) =>
    reachingTemporal(client, async () => {
      try {
        return toExecution(await client.workflow.getHandle(workflowId, temporalRunId).describe());
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      }
    });

  return {
    describe,

    start: (request) =>
      reachingTemporal(client, async () => {
        const { workflowId, journey, runId } = request;
        try {
          const handle = await client.workflow.start(journey, startOptions(request, taskQueue, knownAttributes));
          return { status: 'started', temporalRunId: handle.firstExecutionRunId };
        } catch (error) {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
          const open = await describe(workflowId);
          if (open?.sojournRun !== runId) return { status: 'busy' };
          return { status: 'already_ours', temporalRunId: open.temporalRunId };
        }
      }),

    tell: ({ workflowId, signal }) =>
      reachingTemporal(client, async () => {
        try {
          await client.workflow.getHandle(workflowId).signal('told', signal);
          return 'told';
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return 'gone';
          throw error;
        }
      }),

    async *listCutShortSince(since) {
      const closed = `CloseTime >= '${since.toISOString()}' AND ExecutionStatus IN (${cutShort})`;
      const query = `TaskQueue = '${taskQueue}' AND ${closed}`;
      const pages = client.workflow.list({ query })[Symbol.asyncIterator]();
      for (;;) {
        const next = await reachingTemporal(client, () => pages.next());
        if (next.done) return;
        yield toExecution(next.value);
      }
    },

    terminate: ({ workflowId, temporalRunId, reason }) =>
      reachingTemporal(client, async () => {
        try {
          await client.workflow.getHandle(workflowId, temporalRunId).terminate(reason);
          return true;
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return false;
          throw error;
        }
      }),

    remove: ({ workflowId, temporalRunId }) =>
      reachingTemporal(client, async () => {
        if (!(await describe(workflowId, temporalRunId))) return false;
        await client.workflowService.deleteWorkflowExecution({
          namespace: client.options.namespace,
          workflowExecution: { workflowId, runId: temporalRunId },
        });
        return true;
      }),
  };
}

function startOptions(
  { workflowId, start, personId, runId, journey }: StartRequest,
  taskQueue: string,
  known: KnownAttributes,
): InternalWorkflowStartOptions & { args: [StartArgs] } {
  const attributes: SearchAttributePair[] = [
    { key: journeyAttribute, value: journey },
    { key: personAttribute, value: personId },
    { key: runAttribute, value: runId },
  ];
  return {
    workflowId,
    taskQueue,
    args: [known.has('SojournOutcome') ? { ...start, outcomeAttribute: true } : start],
    workflowIdConflictPolicy: 'FAIL',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    typedSearchAttributes: attributes.filter(({ key }) => known.has(key.name)),
    memo: { sojournRun: runId },
    staticSummary: `${journey} for ${start.run.key}`,
    staticDetails: `Started by **${start.event.name}** (event ${start.event.id}). Run ${runId} of person ${personId}.`,
    // A retried request is then recognised by the server itself.
    [InternalWorkflowStartOptionsSymbol]: { requestId: `sojourn-run-${runId}-${start.run.number}` },
  };
}

const statuses: Record<string, ExecutionStatus> = {
  RUNNING: 'running',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  CONTINUED_AS_NEW: 'continued',
  TIMED_OUT: 'timed_out',
};

function toExecution(info: Omit<WorkflowExecutionInfo, 'raw'>): Execution {
  const sojournRun = info.memo?.sojournRun;
  return {
    workflowId: info.workflowId,
    temporalRunId: info.runId,
    journey: info.type,
    status: statuses[info.status.name] ?? 'unknown',
    sojournRun: typeof sojournRun === 'string' ? sojournRun : undefined,
    closedAt: info.closeTime,
  };
}
