/**
 * What Prometheus reads, named by its conventions: base units, `_total` for what only grows, and labels of which there
 * are as many as journeys, messages and routes, never as many as people or runs. A registry per process's core, so that
 * two in one process do not share it; everybody who counts something is given this object.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { requestMetrics } from './request-metrics';

export interface PoolCounts {
  total: number;
  idle: number;
  waiting: number;
}

export type Metrics = ReturnType<typeof createMetrics>;

/** From a fast commit to a slow provider. */
const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** From at once to a backlog of an hour. */
const lagSeconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600];

export function createMetrics({ process: withProcess = true } = {}) {
  const registry = new Registry();
  const registers = [registry];
  if (withProcess) collectDefaultMetrics({ register: registry });
  // Gauges that are named like counters; the same without `_total` are there.
  for (const what of ['handles', 'requests', 'resources']) registry.removeSingleMetric(`nodejs_active_${what}_total`);
  const sources: (() => Promise<string>)[] = [];

  const counter = <const L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter<L>({ name: `sojourn_${name}_total`, help, labelNames, registers });
  const gauge = <const L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge<L>({ name: `sojourn_${name}`, help, labelNames, registers });
  const histogram = <const L extends string>(name: string, help: string, labelNames: L[], buckets = seconds) =>
    new Histogram<L>({ name: `sojourn_${name}`, help, labelNames, buckets, registers });

  return {
    registry,
    contentType: registry.contentType,
    /** All of it as Prometheus reads it, with what the other sources know; one that is away is left out. */
    async text(): Promise<string> {
      const own = await registry.metrics();
      const others = await Promise.all(sources.map((source) => source().catch(() => '')));
      const texts = [own, ...others].filter((text) => text !== '').map((text) => text.trimEnd());
      return `${texts.join('\n')}\n`;
    },
    addSource(source: () => Promise<string>): void {
      sources.push(source);
    },
    request: requestMetrics(registry),

    eventsAccepted: counter('events_accepted', 'Events committed, without duplicates', ['type', 'planned']),
    eventsRejected: counter('events_rejected', 'Events refused', ['reason']),
    signIns: counter('sign_ins', 'Attempts to sign in to the pages', ['result']),
    acceptBatchEvents: histogram(
      'accept_batch_events',
      'Events in one commit',
      [],
      [1, 2, 5, 10, 25, 50, 100, 250, 500],
    ),
    acceptCommitSeconds: histogram('accept_commit_seconds', 'Time to commit a batch of events', ['result']),
    setAside: gauge('set_aside_calls', 'Refused calls that are kept for a week; an estimate', []),

    pendingEvents: gauge('pending_events', 'Events that are accepted and not decided', []),
    pendingOldestSeconds: gauge('pending_oldest_age_seconds', 'Age of the oldest event that is not decided', []),
    eventsDecided: counter('events_decided', 'Events decided', []),
    decideSeconds: histogram('decide_seconds', 'Time of one transaction of decisions', []),
    decisions: counter('decisions', 'Verdicts on events', ['journey', 'verdict', 'reason']),

    deliveriesWaiting: gauge('deliveries_waiting', 'What Temporal is still to be told', []),
    deliveriesOldestSeconds: gauge('deliveries_oldest_age_seconds', 'Age of the oldest delivery', []),
    deliveries: counter('deliveries', 'What Temporal was told', ['kind']),
    deliveryWaitSeconds: histogram(
      'delivery_wait_seconds',
      'From the decision until Temporal was told',
      ['kind'],
      lagSeconds,
    ),
    lagSeconds: histogram(
      'lag_seconds',
      'From the acceptance of an event until Temporal was told of it',
      ['kind'],
      lagSeconds,
    ),
    leases: counter('delivery_leases', 'Leases of runs for delivery, by how they ended', ['result']),

    runsStarted: counter('runs_started', 'Runs that entered a journey', ['journey']),
    runsEnded: counter('runs_ended', 'Runs that ended', ['journey', 'outcome']),
    runsLive: gauge('runs_live', 'Live runs', ['journey']),
    sweepCorrections: counter('sweep_corrections', 'Live rows whose run had ended in Temporal', ['outcome']),

    guardAnswers: counter('guard_answers', 'What the guard answered; claimed is an attempt', ['answer']),
    guardSeconds: histogram('guard_seconds', 'Time of the guard and its claim', []),
    sends: counter('sends', 'Answers to the sends of runs', ['journey', 'message', 'channel', 'state', 'reason']),
    sendRetries: counter('send_retries', 'Sends that were put off', ['message']),
    attemptSeconds: histogram('attempt_seconds', 'Time of an attempt at the provider', ['provider', 'result']),
    receipts: counter('receipts', 'Receipts of attempts; fenced came too late to count', ['result']),
    sendsUncertain: gauge('sends_uncertain', 'Sends of which nobody knows whether they went out', []),
    sendsHeld: gauge('sends_held', 'Sends that are held back', []),

    /** Asked at each scrape: which connections to the store are in use. */
    watchPool(counts: () => PoolCounts): void {
      gaugeOf(registry, 'sojourn_db_connections', 'Connections to PostgreSQL', ['state'], (set) => {
        const { total, idle } = counts();
        set({ state: 'idle' }, idle);
        set({ state: 'busy' }, total - idle);
      });
      gaugeOf(registry, 'sojourn_db_waiting', 'Statements that wait for a connection', [], (set) => {
        set({}, counts().waiting);
      });
    },
    /** Asked at each scrape: the versions of the journeys' code that this process runs. */
    watchVersions(versions: () => { version: string; current: boolean }[]): void {
      gaugeOf(registry, 'sojourn_workers', 'Temporal workers of this process', ['version', 'current'], (set) => {
        for (const { version, current } of versions()) set({ version, current: String(current) }, 1);
      });
    },
  };
}

function gaugeOf<const L extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: L[],
  read: (set: (labels: Partial<Record<L, string>>, value: number) => void) => void,
): void {
  new Gauge<L>({
    ...{ name, help, labelNames, registers: [registry] },
    collect() {
      this.reset();
      read((labels, value) => this.set(labels, value));
    },
  });
}
