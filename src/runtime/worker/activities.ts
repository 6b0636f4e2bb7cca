/** The operations as Temporal activities, each under its own name, for the workers of one version. */
import { activityInfo } from '@temporalio/activity';
import { type ActivityOps, type At, opNames } from './activity-ops';
import { toActivityFailure } from './errors';
import type { KnownAttributes } from './known-attributes';

type Activity = (...args: never[]) => Promise<unknown>;

export interface ActivityParts {
  version: string;
  ops: ActivityOps;
  knownAttributes: KnownAttributes;
}

export function createActivities({ version, ops, knownAttributes }: ActivityParts): Record<string, Activity> {
  const as = <A extends unknown[], R>(run: (at: At, ...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      const { workflowExecution, attempt } = activityInfo();
      try {
        if (!workflowExecution) throw new Error('Sojourn’s activities are called by its journeys only.');
        return await run({ version, ...toIds(workflowExecution), attempt }, ...args);
      } catch (error) {
        throw toActivityFailure(error);
      }
    };
  };
  const activities: Record<string, Activity> = {};
  for (const name of opNames) {
    // The arguments are those that the sandbox side sent, which is typed by the same interfaces.
    activities[name] = as((at, ...args) => (ops(at)[name] as (...args: unknown[]) => Promise<unknown>)(...args));
  }
  activities.adoptStart = as(async (at, start: Parameters<ReturnType<ActivityOps>['adoptStart']>[0]) => {
    const answer = await ops(at).adoptStart(start);
    if ('refused' in answer || !knownAttributes.has('SojournOutcome')) return answer;
    return { startArgs: { ...answer.startArgs, outcomeAttribute: true } };
  });
  return activities;
}

const toIds = ({ workflowId, runId }: { workflowId: string; runId: string }) => ({ workflowId, temporalRunId: runId });
