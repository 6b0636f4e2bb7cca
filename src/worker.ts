/** The worker's role: runs journeys on Temporal, and carries out what they ask for. */
import type { Core } from './core';
import { untilDone } from './every';
import type { Role } from './router';
import { createChecks, createExternalOps, createStoreOps } from './runtime/store-ops';
import {
  buildBundle,
  connectWorkers,
  createTemporalClient,
  createWorkerSet,
  knownAttributes,
  type Bundle,
} from './runtime/worker';
import { senderOf } from './sending';

export interface WorkerRole extends Role {
  /** Today's version of the journeys' code. */
  version: string;
  /** Resolves when new runs start on today's version. */
  ready: Promise<void>;
}

const reconnectMs = 1_000;

export async function startWorkerRole(core: Core, { bundle }: { bundle?: Bundle } = {}): Promise<WorkerRole> {
  const { db, clock, accept, decider, content, config, log } = core;
  const today = bundle ?? (await buildBundle({ contentDir: content.dir, cacheDir: config.cacheDir }));
  const address = { ...config.temporal, address: core.temporalAddress };
  const stopping = new AbortController();
  const connection = await connectWorkers(address, { log, signal: stopping.signal });
  const client = createTemporalClient(address);
  const known = await untilDone(reconnectMs, () => knownAttributes(client), {
    signal: stopping.signal,
    onError: (error) => log.warn({ err: error }, 'The Temporal server is not there yet'),
  });

  const checks = createChecks(content.checks);
  const sender = senderOf(core);
  const onFinished = (journey: string, outcome: string) => core.metrics.runsEnded.inc({ journey, outcome });
  const external = createExternalOps({ db, clock, accept, decider, plan: content.plan });
  const set = await createWorkerSet({
    connection,
    client,
    db,
    ops: (at) => ({ ...createStoreOps({ db, clock, accept, decider, checks, sender, onFinished }, at), ...external }),
    bundle: today,
    namespace: config.temporal.namespace,
    knownAttributes: known ?? new Set(),
    log,
    clock,
  });
  return {
    version: set.version,
    ready: set.ready,
    async stop() {
      stopping.abort();
      await set.stop();
      await connection.close();
      await client.connection.close();
    },
  };
}
