/**
 * What an execution is told of at once. An interceptor notes how much that is; what it leads to, up to the next
 * condition, runs before anything else does in the sandbox, so that runs which share this module see their own.
 */
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';

let told = 0;

/** Of every workflow in a bundle. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  internals: [
    {
      activate(input, next) {
        told = input.activation.jobs?.length ?? 0;
        next(input);
      },
    },
  ],
});

/** Whether what has just come is all that came. To be asked when it comes, not after a wait. */
export const cameAlone = (): boolean => told === 1;
