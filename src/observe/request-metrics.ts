/** Requests by route. They are counted in a plain map: hashing labels for each event costs more than all its counting. */
import { Counter, Histogram, type Registry } from 'prom-client';

/** Counts an answered request; `route` is the route's pattern, never the address. */
export type CountRequest = (route: string, status: number, startedMs: number) => void;

export function requestMetrics(registry: Registry): CountRequest {
  const registers = [registry];
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
    name: 'sojourn_http_request_duration_seconds',
    help: 'Time to answer a request',
    labelNames: ['route'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  return (route, status, startedMs) => {
    const name = `${route} ${status}`;
    const entry = requests.get(name);
    if (entry) entry.count++;
    else requests.set(name, { route, status: String(status), count: 1 });
    seconds.observe({ route }, (performance.now() - startedMs) / 1_000);
  };
}
