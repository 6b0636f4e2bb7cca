/** The router's role: decides what was accepted, tells Temporal, fires absences, and keeps rows and Temporal in step. */
import type { Core } from './core';
import { countLiveRuns, countWaiting } from './counting';
import { ensureEventPartitions } from './db';
import { prune } from './events';
import { every, untilDone } from './every';
import { closeLapsedLeases } from './messaging';
import { deliveryRecorder } from './recording';
import { createAbsences, createDeliverer, createRouter, createSweep, type Loop, type Rounds } from './routing';
import { createTemporalClient, createTemporalStarter, knownAttributes } from './runtime/worker';

export interface Role {
  stop(): Promise<void>;
}

export interface RouterRole extends Role {
  /** What keeps it from its work, if anything does. */
  trouble(): string | undefined;
}

const sweepEveryMs = 15_000;
const maintainEveryMs = 60_000;
/** Absences are due to the second of wall time, whatever the stack's scale. */
const absenceEveryMs = 500;
const reconnectMs = 1_000;
const countEveryMs = 5_000;
const liveEveryMs = 15_000;
/** A round takes a second where nothing is to do, and some where much is, or where Temporal does not answer. */
const stuckAfterMs = 30_000;

/** Temporal may be away: events are decided meanwhile, and told once it is back. */
export async function startRouterRole(core: Core): Promise<RouterRole> {
  const { db, clock, decider, bell, catalog, accept, metrics, tracing, log } = core;
  const warn = (message: string) => (error: unknown) => log.warn({ err: error }, message);
  const absences = createAbsences({ db, clock, accept, catalog: () => catalog.journeys() });
  await catalog.deploy();

  const deciding = createRouter({
    db,
    decider,
    idle: (ms) => bell.wait('pending', ms),
    onError: warn('Deciding failed; it is tried again'),
  });
  let delivering: Rounds | undefined;
  const loops: Loop[] = [
    deciding,
    every(maintainEveryMs, () => absences.watchExisting(), warn('Whom to watch could not be looked up')),
    every(absenceEveryMs, () => absences.fire(), warn('Absences could not be looked at')),
    every(countEveryMs, () => countWaiting(core), warn('What waits could not be counted')),
    every(liveEveryMs, () => countLiveRuns(core), warn('Live runs could not be counted')),
    every(maintainEveryMs, () => maintain(core), warn('The store could not be maintained')),
  ];

  const client = createTemporalClient({ ...core.config.temporal, address: core.temporalAddress });
  const stopping = new AbortController();
  const telling = (async () => {
    const known = await untilDone(reconnectMs, () => knownAttributes(client), {
      signal: stopping.signal,
      onError: warn('The Temporal server is not there yet; events are accepted and decided meanwhile'),
    });
    if (!known) return;
    const temporal = createTemporalStarter({ client, taskQueue: 'sojourn', knownAttributes: known });
    const sweep = createSweep({
      db,
      clock,
      temporal,
      onEnded({ id: run, journey, person }, { outcome, reason }) {
        metrics.sweepCorrections.inc({ outcome });
        metrics.runsEnded.inc({ journey, outcome });
        log.warn({ run, person, journey, outcome, reason }, 'A run had ended without us; its row is ended now');
        core.onRunEnded?.({ id: run, journey, outcome, reason });
      },
    });
    delivering = createDeliverer({
      db,
      temporal,
      idle: (ms) => bell.wait('deliveries', ms),
      tracing,
      onDelivered: deliveryRecorder({ metrics, log, clock }),
      onLease: (result) => metrics.leases.inc({ result }),
      onError: warn('Temporal could not be told; it is tried again'),
    });
    loops.push(
      delivering,
      every(sweepEveryMs, () => sweep.sweep(), warn('The sweep failed; it is tried again')),
    );
  })();

  return {
    // Without Temporal nothing is told yet, and that is as it should be.
    trouble: () => stuck('deciding', deciding) ?? (delivering && stuck('telling Temporal', delivering)),
    async stop() {
      stopping.abort();
      await telling;
      await Promise.all(loops.map((loop) => loop.stop()));
      await client.connection.close();
    },
  };
}

function stuck(work: string, { lastRoundAt }: Rounds): string | undefined {
  const at = lastRoundAt();
  if (at === undefined) return `it has not come to ${work} yet`;
  const ms = performance.now() - at;
  return ms > stuckAfterMs ? `it does not get on with ${work}, for ${Math.round(ms / 1_000)} s` : undefined;
}

async function maintain({ db, clock, log }: Core): Promise<void> {
  // An attempt whose process died, and that nobody asks about again, must not look as if it were under way.
  const lapsed = await closeLapsedLeases(db, new Date(clock.now()));
  if (lapsed > 0) log.warn({ sends: lapsed }, 'Attempts ended without a receipt; their sends are uncertain');
  await ensureEventPartitions(db, clock.now());
  await prune(db);
}
