/** Resets executions in Temporal, as somebody does by hand. */
import type { Client } from '@temporalio/client';
import { until } from './until';

interface Execution {
  workflowId: string;
  runId: string;
}

/** The ids of the events that end its workflow tasks so far: it can be reset to each. */
export async function finishedTasks(client: Client, { workflowId, runId }: Execution) {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  return (events ?? []).flatMap((event) => (event.workflowTaskCompletedEventAttributes && event.eventId) ?? []);
}

/** What came after this event happens again. Resolves with the run id that it goes on under. */
export async function resetTo(
  client: Client,
  execution: Execution,
  eventId: Awaited<ReturnType<typeof finishedTasks>>[number],
): Promise<string> {
  const { runId } = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: execution,
    reason: 'by hand',
    workflowTaskFinishEventId: eventId,
    requestId: crypto.randomUUID(),
  });
  return runId;
}

/** Everything from the end of the first workflow task on, which may be to come still, happens again. */
export async function resetToTheStart(client: Client, execution: Execution): Promise<string> {
  return resetTo(client, execution, await until(async () => (await finishedTasks(client, execution))[0]));
}
