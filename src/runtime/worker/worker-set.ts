/**
 * The workers of a process: one for the code of today, and one for each older version that still has runs, so that a
 * run goes on with the code it started with. Older ones retire when their last run has ended.
 */
import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { Clock } from '../../clock';
import type { Db } from '../../db';
import { createActivities } from './activities';
import type { ActivityOps } from './activity-ops';
import { backOff } from './back-off';
import { type Bundle, getBundle, putBundle } from './bundle-store';
import {
  countPinned,
  currentVersion,
  hasLiveRuns,
  setCurrent,
  undrainedVersions,
  versionsOfLiveRuns,
} from './deployment';
import type { KnownAttributes } from './known-attributes';
import type { Log } from './log';
import { startVersionWorker, type VersionWorker, type WorkerLimits } from './version-worker';

export interface WorkerSetParts {
  connection: NativeConnection;
  client: Client;
  db: Db;
  ops: ActivityOps;
  /** Today's. */
  bundle: Bundle;
  namespace: string;
  taskQueue?: string;
  deploymentName?: string;
  knownAttributes: KnownAttributes;
  log: Log;
  clock: Pick<Clock, 'now'>;
  limits?: Partial<WorkerLimits>;
  /** How often older versions are looked at, in wall milliseconds. */
  reviewEveryMs?: number;
}

export interface WorkerSet {
  /** Today's version. */
  version: string;
  /** Resolves when new runs go to today's version; starts should wait for it. Rejects if stopped before. */
  ready: Promise<void>;
  /** Whether today's worker takes tasks now. */
  isRunning(): boolean;
  /** The versions that this process serves now, today's first. */
  versions(): string[];
  /** Looks at once which older versions must be served. */
  review(): Promise<void>;
  /** Takes no more work, finishes what runs (35 s at most), and resolves. */
  stop(): Promise<void>;
}

/** Keeps today's bundle in the store, and starts the workers. A Temporal server that is away delays it, no more. */
export async function createWorkerSet(parts: WorkerSetParts): Promise<WorkerSet> {
  const { db, log, bundle, client, namespace, taskQueue = 'sojourn', deploymentName = 'sojourn' } = parts;
  const deployment = { client, namespace, deploymentName };
  const stopping = new AbortController();
  const workers = new Map<string, VersionWorker>();

  const serve = (served: Bundle): VersionWorker => {
    const isCurrent = served.version === bundle.version;
    const activities = createActivities({ ...parts, version: served.version });
    const { connection, limits } = parts;
    const worker = startVersionWorker({
      ...{ connection, namespace, taskQueue, deploymentName, limits, log, isCurrent, activities },
      bundle: served,
    });
    workers.set(served.version, worker);
    return worker;
  };

  const reviewOnce = async () => {
    const needed = new Set([...(await versionsOfLiveRuns(db)), ...(await undrainedVersions(deployment))]);
    for (const version of needed) {
      if (workers.has(version) || stopping.signal.aborted) continue;
      const older = await getBundle(db, version);
      if (!older) {
        log.warn({ version }, 'Runs are on a version whose bundle is not in the store; they wait until it is');
        continue;
      }
      if (!(await isInUse(version))) continue;
      serve(older);
      log.info({ version }, 'Runs of an older version go on');
    }
    for (const [version, worker] of workers) {
      if (version === bundle.version || stopping.signal.aborted || (await isInUse(version))) continue;
      workers.delete(version);
      await worker.stop();
      log.info({ version }, 'An older version has no runs left, and is retired');
    }
  };
  const isInUse = async (version: string) =>
    (await hasLiveRuns(db, version)) || (await countPinned(deployment, version)) > 0;

  let reviewing: Promise<void> = Promise.resolve();
  const review = () => (reviewing = reviewing.catch(() => undefined).then(reviewOnce));

  await putBundle(db, bundle, parts.clock.now());
  const today = serve(bundle);
  const ready = makeCurrent();
  ready.catch(() => undefined); // whoever waits hears it
  const firstReview = reviewUntilDone();
  const timer = setInterval(() => void review().catch(warn), parts.reviewEveryMs ?? 60_000);

  async function makeCurrent(): Promise<void> {
    await today.started;
    for (let attempt = 1; ; attempt++) {
      try {
        await setCurrent(deployment, bundle.version);
        if ((await currentVersion(deployment)) === bundle.version) return;
      } catch (error) {
        const level = attempt > 8 ? 'warn' : 'debug'; // the first seconds are as they should be
        log[level]({ version: bundle.version, err: error }, 'Temporal does not start runs on this version yet');
      }
      await backOff(Math.min(attempt, 4), stopping.signal);
    }
  }
  async function reviewUntilDone(): Promise<void> {
    for (let attempt = 1; !stopping.signal.aborted; attempt++) {
      try {
        return await review();
      } catch (error) {
        warn(error);
        await backOff(attempt, stopping.signal).catch(() => undefined);
      }
    }
  }
  function warn(error: unknown): void {
    log.warn({ err: error }, 'Could not see which older versions still have runs; tried again soon');
  }

  return {
    version: bundle.version,
    ready,
    isRunning: () => today.isRunning(),
    versions: () => [...workers.keys()],
    review,
    async stop() {
      clearInterval(timer);
      stopping.abort(new Error('The workers were stopped.'));
      await Promise.allSettled([reviewing, firstReview, ready]);
      await Promise.all([...workers.values()].map((worker) => worker.stop()));
    },
  };
}
