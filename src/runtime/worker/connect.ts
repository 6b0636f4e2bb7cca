/**
 * The ways to a Temporal server: a client that connects when it is first used, and the native connection that workers
 * poll on, which is tried until the server answers.
 */
import { once } from 'node:events';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, type NativeConnectionOptions, Runtime, makeTelemetryFilterString } from '@temporalio/worker';
import type { Log } from './log';
import { backOff } from './back-off';

export interface TemporalAddress {
  /** Host and port. */
  address: string;
  namespace: string;
  /** True, or the parts of mutual TLS. Unset: as an API key needs it. */
  tls?: NativeConnectionOptions['tls'];
  apiKey?: string;
  /** Further headers of each call. */
  metadata?: Record<string, string>;
}

/** A client. Nothing is connected until its first call, so a server that is away shows there. */
export function createTemporalClient({ address, namespace, tls, apiKey, metadata }: TemporalAddress): Client {
  const connection = Connection.lazy({
    address,
    tls: tls ?? (apiKey ? true : undefined),
    apiKey,
    metadata,
    connectTimeout: '5s',
    // A server that was away for long is found again soon; the default grows to two minutes.
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': 2_000 },
  });
  return new Client({ connection, namespace });
}

export interface ConnectOptions {
  log: Log;
  signal?: AbortSignal;
  onAway?: () => void;
  /** Host and port where the SDK's core is to offer its metrics; heeded by the first call of a process. */
  metricsAddress?: string;
}

/** The workers' connection; waits for a server that is not there yet. Rejects at once when `signal` is aborted. */
export async function connectWorkers(
  { address, tls, apiKey, metadata }: TemporalAddress,
  { log, signal, onAway, metricsAddress }: ConnectOptions,
): Promise<NativeConnection> {
  prepareRuntime(log, metricsAddress);
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    const connecting = NativeConnection.connect({ address, tls: tls ?? (apiKey ? true : undefined), apiKey, metadata });
    try {
      return await unlessAborted(connecting, signal);
    } catch (error) {
      if (signal?.aborted) {
        // An address that never answers takes its time; whoever stops does not wait for it.
        void connecting.then(
          (late) => late.close(),
          () => undefined,
        );
        throw error;
      }
      onAway?.();
      log.warn({ err: error, server: address }, 'The Temporal server is not there yet; trying again');
      await backOff(attempt, signal);
    }
  }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  const over = new AbortController();
  const aborted = once(signal, 'abort', { signal: over.signal }).then(() => signal.throwIfAborted() as never);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    aborted.catch(() => undefined);
    over.abort();
  }
}

let prepared = false;

const latencies = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Named as Prometheus does; and how long tasks wait, finer than the SDK's own 0.1, 0.5, 1, 5 s. */
const prometheusForm = {
  countersTotalSuffix: true,
  unitSuffix: true,
  useSecondsForDurations: true,
  histogramBucketOverrides: {
    workflow_task_schedule_to_start_latency: latencies,
    activity_schedule_to_start_latency: latencies,
  },
};

/** Once a process: Temporal's core logs through us, and leaves signals to whoever stops the process in order. */
export function prepareRuntime(log: Log, metricsAddress?: string): void {
  if (prepared) return;
  prepared = true;
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, meta?: object) =>
    log[level]({ ...meta }, message);
  Runtime.install({
    shutdownSignals: [],
    logger: {
      log: (level, message, meta) =>
        level === 'ERROR' ? write('error')(message, meta) : level === 'WARN' ? write('warn')(message, meta) : undefined,
      trace: () => undefined,
      debug: () => undefined,
      info: () => undefined,
      warn: write('warn'),
      error: write('error'),
    },
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
      ...(metricsAddress && { metrics: { prometheus: { bindAddress: metricsAddress, ...prometheusForm } } }),
    },
  });
}
