/**
 * The worker's role: runs journeys on Temporal, and carries out what they ask for. It starts without Temporal, too: it
 * then waits for it in the background, for as long as it takes.
 */
import type { Core } from './core';
import { untilDone } from './every';
import type { Role } from './router';
import { createChecks, createExternalOps, createGiveUp, createStoreOps } from './runtime/store-ops';
import {
  buildBundle,
  connectWorkers,
  createTemporalClient,
  createWorkerSet,
  knownAttributes,
  type ActivityOps,
  type Bundle,
  type WorkerSet,
} from './runtime/worker';
import { senderOf } from './sending';

export interface WorkerRole extends Role {
  /** Today's version of the journeys' code. */
  version: string;
  /** Resolves when new runs start on today's version. Rejects when the worker is stopped before. */
  ready: Promise<void>;
  /** Resolves when Temporal could not be reached at once. */
  away: Promise<void>;
}

export interface WorkerRoleOptions {
  /** Today's code; unset, it is bundled. */
  bundle?: Bundle;
  /** Aborted, the worker no longer waits for Temporal. */
  signal?: AbortSignal;
}

const reconnectMs = 1_000;

export async function startWorkerRole(core: Core, { bundle, signal }: WorkerRoleOptions = {}): Promise<WorkerRole> {
  const { content, config } = core;
  const today = bundle ?? (await buildBundle({ contentDir: content.dir, cacheDir: config.cacheDir }));
  const stopping = new AbortController();
  let isAway: () => void = () => undefined;
  const away = new Promise<void>((resolve) => (isAway = resolve));
  const opening = openWorkers(core, today, {
    signal: signal ? AbortSignal.any([signal, stopping.signal]) : stopping.signal,
    onAway: () => isAway(),
  });
  const ready = opening.then(({ set }) => set.ready);
  ready.catch(() => undefined); // whoever waits hears it
  return {
    version: today.version,
    ready,
    away,
    async stop() {
      stopping.abort(new Error('The worker was stopped.'));
      const opened = await opening.catch(() => undefined);
      await opened?.close();
    },
  };
}

interface Opened {
  set: WorkerSet;
  close(): Promise<void>;
}

/** Rejects once `signal` is aborted, with nothing left open. */
async function openWorkers(
  core: Core,
  bundle: Bundle,
  { signal, onAway }: { signal: AbortSignal; onAway: () => void },
): Promise<Opened> {
  const { db, clock, config, log } = core;
  const address = { ...config.temporal, address: core.temporalAddress };
  const connection = await connectWorkers(address, { log, signal, onAway });
  const client = createTemporalClient(address);
  const close = async () => {
    await connection.close();
    await client.connection.close();
  };
  try {
    const onError = (error: unknown) => {
      onAway();
      log.warn({ err: error }, 'The workers can’t be started yet; trying again');
    };
    const set = await untilDone(
      reconnectMs,
      async () =>
        createWorkerSet({
          ...{ connection, client, db, bundle, log, clock, ops: opsOf(core) },
          namespace: config.temporal.namespace,
          knownAttributes: await knownAttributes(client),
        }),
      { signal, onError },
    );
    if (!set) throw new Error('The worker was stopped before Temporal was there.');
    return {
      set,
      async close() {
        await set.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function opsOf(core: Core): ActivityOps {
  const { db, clock, accept, decider, content, metrics, signer } = core;
  const checks = createChecks(content.checks);
  const sender = senderOf(core);
  const onFinished = (journey: string, outcome: string) => metrics.runsEnded.inc({ journey, outcome });
  const external = createExternalOps({ db, clock, accept, decider, plan: content.plan });
  return (at) => ({
    ...createStoreOps({ db, clock, accept, decider, checks, sender, onFinished }, at),
    ...external,
    giveUp: createGiveUp({ db, clock, signer, decider }, at),
  });
}
