/**
 * The worker of one version. It polls until it is stopped; when it fails, it is started again, with back-off.
 *
 *   starting ──▶ running ──▶ stopping ──▶ stopped
 *      ▲            │
 *      └─ failed ◀──┘
 */
import { getHeapStatistics } from 'node:v8';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { backOff } from './back-off';
import type { Bundle } from './bundle-store';
import type { Log } from './log';

export interface VersionWorkerParts {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  deploymentName: string;
  bundle: Bundle;
  activities: object;
  /** The version that new runs start on gets the larger share of memory and of polls. */
  isCurrent: boolean;
  limits?: Partial<WorkerLimits>;
  log: Log;
}

export interface WorkerLimits {
  /** Runs kept in memory between their steps, about 1 MB each: one that is not is played again from its history. */
  cachedRuns: number;
  cachedRunsOfOlderVersions: number;
  /** Sends and other activities at once. */
  activities: number;
  /** Reads at once. */
  localActivities: number;
  workflowTasks: number;
}

/** What this process may use; half of it for today's runs leaves room for older versions and for what they do. */
const heapMiB = getHeapStatistics().heap_size_limit / 2 ** 20;

const defaults: WorkerLimits = {
  cachedRuns: Math.max(100, Math.floor(heapMiB / 2)),
  cachedRunsOfOlderVersions: Math.max(50, Math.floor(heapMiB / 20)),
  activities: 50,
  localActivities: 50,
  workflowTasks: 40,
};

export interface VersionWorker {
  version: string;
  /** Resolves when the worker has been built for the first time. */
  started: Promise<void>;
  /** Whether it takes tasks now: not while it is made, nor between a failure and the next start. */
  isRunning(): boolean;
  /** Finishes what runs, then resolves. */
  stop(): Promise<void>;
}

export function startVersionWorker(parts: VersionWorkerParts): VersionWorker {
  const { bundle, log } = parts;
  const stopping = new AbortController();
  let worker: Worker | undefined;
  let isStarted: () => void = () => undefined;
  const started = new Promise<void>((resolve) => (isStarted = resolve));

  const run = async () => {
    for (let failures = 0; !stopping.signal.aborted;) {
      const since = Date.now();
      try {
        worker = await Worker.create(workerOptions(parts));
        isStarted();
        const running = worker.run();
        // Stopped while it was being made: only a worker that runs can be shut down, and so let its connection go.
        if (stopping.signal.aborted) worker.shutdown();
        await running;
      } catch (error) {
        if (stopping.signal.aborted) break;
        failures = Date.now() - since > 60_000 ? 1 : failures + 1;
        log.error({ version: bundle.version, err: error }, 'A Temporal worker failed; it is started again');
        await backOff(failures, stopping.signal).catch(() => undefined);
      }
    }
  };
  const done = run();

  return {
    version: bundle.version,
    started,
    isRunning: () => worker?.getState() === 'RUNNING',
    async stop() {
      stopping.abort();
      if (worker?.getState() === 'RUNNING') worker.shutdown();
      await done;
    },
  };
}

function workerOptions(parts: VersionWorkerParts): WorkerOptions {
  const limits = { ...defaults, ...parts.limits };
  const polls = parts.isCurrent ? 5 : 2;
  return {
    connection: parts.connection,
    namespace: parts.namespace,
    taskQueue: parts.taskQueue,
    workflowBundle: { code: parts.bundle.code },
    activities: parts.activities,
    workerDeploymentOptions: {
      version: { deploymentName: parts.deploymentName, buildId: parts.bundle.version },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
    maxCachedWorkflows: parts.isCurrent ? limits.cachedRuns : limits.cachedRunsOfOlderVersions,
    maxConcurrentWorkflowTaskExecutions: limits.workflowTasks,
    maxConcurrentActivityTaskExecutions: limits.activities,
    maxConcurrentLocalActivityExecutions: limits.localActivities,
    maxConcurrentWorkflowTaskPolls: polls,
    maxConcurrentActivityTaskPolls: polls,
    // A provider's time limit is 30 s, so an attempt in flight is over by then.
    shutdownGraceTime: '35s',
    shutdownForceTime: '45s',
  };
}
