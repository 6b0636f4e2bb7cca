/**
 * The worker's role: runs journeys on Temporal, and carries out what they ask for. It starts without Temporal, too: it
 * then waits for it in the background, for as long as it takes.
 */
import type { Core } from './core';
import { freePort } from './embedded';
import { untilDone } from './every';
import type { Carried, Ending, RunRef } from './journey';
import { readSdkMetrics, sdkMetricsAddress } from './observe';
import { tracesOfRun } from './runs';
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
  /** What keeps it from taking new runs, if anything does. */
  trouble(): string | undefined;
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
  let set: WorkerSet | undefined;
  const ready = opening.then(async (opened) => {
    await opened.set.ready;
    set = opened.set;
  });
  ready.catch(() => undefined); // whoever waits hears it
  return {
    version: today.version,
    ready,
    trouble() {
      if (!set) return 'it takes no new runs yet';
      return set.isRunning() ? undefined : 'it failed, and is started again';
    },
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
  const metricsAddress = await sdkMetricsAddress(freePort);
  const connection = await connectWorkers(address, { log, signal, onAway, metricsAddress });
  core.metrics.addSource(() => readSdkMetrics(metricsAddress));
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
    core.metrics.watchVersions(() => set.versions().map((version) => ({ version, current: version === set.version })));
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
  const { db, clock, accept, decider, content, metrics, signer, tracing, log } = core;
  const checks = createChecks(content.checks);
  const sender = senderOf(core);
  const onFinished = ({ id: run, personId: person, journey }: RunRef, { outcome, reason }: Ending) => {
    metrics.runsEnded.inc({ journey, outcome });
    log.info({ run, person, journey, outcome }, 'Run ended');
    core.onRunEnded?.({ id: run, journey, outcome, reason });
  };
  const external = createExternalOps({ db, clock, accept, decider, plan: content.plan });
  return (at) => {
    const ops = createStoreOps({ db, clock, accept, decider, checks, sender, onFinished }, at);
    return {
      ...ops,
      ...(tracing.on && tracedOps(core, ops)),
      ...external,
      giveUp: createGiveUp({ db, clock, signer, decider }, at),
    };
  };
}

type StoreOps = ReturnType<typeof createStoreOps>;

/** What a run does to the outside, in spans that belong to what started the run. */
function tracedOps({ db, tracing }: Core, ops: StoreOps): Pick<StoreOps, 'send' | 'check' | 'update' | 'emit'> {
  const traced =
    <A, R>(nameOf: (args: A) => string, call: (carried: Carried, args: A) => Promise<R>) =>
    async (carried: Carried, args: A): Promise<R> => {
      const { run } = carried;
      const { parent, heard } = await tracesOfRun(db, run.id);
      if (parent === undefined) return call(carried, args);
      const attributes = { 'sojourn.run': run.id, 'sojourn.journey': run.journey };
      const links = heard === undefined ? [] : [heard];
      return tracing.span(nameOf(args), { parent, links, attributes }, () => call(carried, args));
    };
  return {
    send: traced(({ message }) => `send ${message}`, ops.send),
    check: traced(({ name }) => `check ${name}`, ops.check),
    update: traced(() => 'update', ops.update),
    emit: traced(({ event }) => `emit ${event}`, ops.emit),
  };
}
