/**
 * What Prometheus reads. A registry per app, so that two apps in one process do not share it; everybody who counts
 * something is given this object.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  registry: Registry;
  /** Counts an answered request; `route` is the route's pattern, never the address. */
  request(route: string, status: number, startedMs: number): void;
  eventsAccepted: Counter<'type' | 'planned'>;
  eventsRejected: Counter<'reason'>;
  /** By journey and verdict. */
  decisions: Counter<'journey' | 'verdict'>;
  deliveries: Counter<'kind' | 'result'>;
  runsStarted: Counter<'journey'>;
  runsEnded: Counter<'journey' | 'outcome'>;
  sends: Counter<'message' | 'state'>;
  /** Rows that wait: `pending` events, `deliveries`, `uncertain` sends. Set by whoever reads them. */
  waiting: Gauge<'what'>;
}

export function createMetrics({ process: withProcess = true } = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (withProcess) collectDefaultMetrics({ register: registry });

  // Counted in a plain map: hashing labels for each event costs more than the rest of its handler's counting.
  const requests = new Map<string, { route: string; status: string; count: number }>();
  new Counter({
    name: 'sojourn_http_requests_total',
    help: 'Requests answered, by route and status',
    labelNames: ['route', 'status'] as const,
    registers,
    collect() {
      this.reset();
      for (const { route, status, count } of requests.values()) this.inc({ route, status }, count);
    },
  });
  const seconds = new Histogram({
    name: 'sojourn_http_request_seconds',
    help: 'Time to answer a request',
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const counter = <const L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter<L>({ name: `sojourn_${name}_total`, help, labelNames, registers });

  return {
    registry,
    request(route, status, startedMs) {
      const name = `${route} ${status}`;
      const entry = requests.get(name);
      if (entry) entry.count++;
      else requests.set(name, { route, status: String(status), count: 1 });
      seconds.observe((performance.now() - startedMs) / 1_000);
    },
    eventsAccepted: counter('events_accepted', 'Events committed, without duplicates', ['type', 'planned']),
    eventsRejected: counter('events_rejected', 'Events refused', ['reason']),
    decisions: counter('decisions', 'Verdicts of the router', ['journey', 'verdict']),
    deliveries: counter('deliveries', 'Calls to Temporal', ['kind', 'result']),
    runsStarted: counter('runs_started', 'Runs started', ['journey']),
    runsEnded: counter('runs_ended', 'Runs ended', ['journey', 'outcome']),
    sends: counter('sends', 'Sends settled', ['message', 'state']),
    waiting: new Gauge({
      name: 'sojourn_waiting',
      help: 'Rows that wait to be handled',
      labelNames: ['what'] as const,
      registers,
    }),
  };
}
