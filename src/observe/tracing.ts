/**
 * Traces, if the environment asks for them by OpenTelemetry's usual names. Without, OpenTelemetry's SDK is not loaded,
 * `on` is false, and whoever would look something up for a trace does not. No span holds a person, an address or a
 * message's words: ids of runs and sends, names of journeys and messages, verdicts.
 */
import type { Logger } from './log';

export type Attributes = Record<string, string | number | boolean | undefined>;

export interface Span {
  rename(name: string): void;
  set(attributes: Attributes): void;
  /** Marks it as failed, by the kind of error and never by its words. */
  fail(type: string): void;
}

export interface SpanOptions {
  kind?: 'server' | 'client' | 'internal';
  attributes?: Attributes;
  /** A traceparent. Unset: what is under way, or else a new trace begins. */
  parent?: string;
  /** Traceparents of what else led to it. */
  links?: string[];
}

export interface Tracing {
  readonly on: boolean;
  /** Runs the work inside a span, which fails when the work does. */
  span<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  /** A span of what is over: from `startedAt`, in wall milliseconds, until now. */
  note(name: string, options: SpanOptions & { startedAt: number }): void;
  /** The traceparent of what is under way, to be kept with what it causes. */
  current(): string | undefined;
  /** Sends what has not been sent yet. */
  stop(): Promise<void>;
}

const noSpan: Span = { rename: () => undefined, set: () => undefined, fail: () => undefined };

export const noTracing: Tracing = {
  on: false,
  span: (_name, _options, work) => work(noSpan),
  note: () => undefined,
  current: () => undefined,
  stop: () => Promise.resolve(),
};

type Env = Record<string, string | undefined>;

/**
 * Whether the environment asks for traces: an OTLP endpoint is named, or OTEL_TRACES_EXPORTER is `otlp`; and neither
 * OTEL_TRACES_EXPORTER nor OTEL_SDK_DISABLED says no.
 */
export function wantsTraces(env: Env): boolean {
  if (env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return false;
  const exporter = env.OTEL_TRACES_EXPORTER?.trim().toLowerCase();
  if (exporter) return exporter.split(',').some((name) => name.trim() === 'otlp');
  return Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT?.trim() || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?.trim());
}

export async function startTracing(env: Env, log: Pick<Logger, 'warn'>): Promise<Tracing> {
  if (!wantsTraces(env)) {
    const exporter = env.OTEL_TRACES_EXPORTER?.trim();
    if (exporter && exporter !== 'none') {
      log.warn({ exporter }, 'Traces are sent by OTLP only; set OTEL_TRACES_EXPORTER=otlp');
    }
    return noTracing;
  }
  const { openTelemetry } = await import('./open-telemetry');
  return openTelemetry(log);
}
