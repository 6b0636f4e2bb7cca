/**
 * Traces by OpenTelemetry's SDK, sent by OTLP over HTTP. It is configured by the SDK's own environment names and loaded
 * by `startTracing` only. The context is its own: nothing is registered for the whole process.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  diag,
  DiagLogLevel,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span as OtelSpan,
  type SpanContext,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Logger } from './log';
import { formatTraceparent, parseTraceparent } from './traceparent';
import type { Attributes, Span, SpanOptions, Tracing } from './tracing';

const flushWithinMs = 3_000;
const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };

export function openTelemetry(log: Pick<Logger, 'warn'>): Tracing {
  const warn = (message: string) => log.warn({ about: message.slice(0, 300) }, 'Traces could not be sent');
  const quiet = () => undefined;
  diag.setLogger(
    { error: warn, warn, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const provider = new NodeTracerProvider({
    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last, so they count.
    resource: resourceFromAttributes({ 'service.name': 'sojourn' }).merge(
      detectResources({ detectors: [envDetector] }),
    ),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer('sojourn');
  const underWay = new AsyncLocalStorage<Context>();

  function start(name: string, { kind = 'internal', attributes, parent, links }: SpanOptions, startedAt?: number) {
    const from = spanContextOf(parent);
    const context = from ? trace.setSpanContext(ROOT_CONTEXT, from) : (underWay.getStore() ?? ROOT_CONTEXT);
    const linked = (links ?? []).flatMap((link) => spanContextOf(link) ?? []).map((one) => ({ context: one }));
    const options = { kind: kinds[kind], attributes: defined(attributes), links: linked, startTime: startedAt };
    return { span: tracer.startSpan(name, options, context), context };
  }

  return {
    on: true,
    async span(name, options, work) {
      const { span, context } = start(name, options);
      try {
        return await underWay.run(trace.setSpan(context, span), () => work(wrapped(span)));
      } catch (error) {
        wrapped(span).fail(typeOf(error));
        throw error;
      } finally {
        span.end();
      }
    },
    note(name, { startedAt, ...options }) {
      start(name, options, startedAt).span.end();
    },
    current() {
      const context = underWay.getStore();
      const span = context && trace.getSpanContext(context);
      return span && formatTraceparent({ ...span, flags: span.traceFlags });
    },
    async stop() {
      const closed = provider.shutdown().catch((error: unknown) => warn(String(error)));
      // A collector that is away must not keep the process from ending.
      await Promise.race([closed, sleep(flushWithinMs, undefined, { ref: false })]);
    },
  };
}

function wrapped(span: OtelSpan): Span {
  return {
    rename: (name) => void span.updateName(name),
    set: (attributes) => void span.setAttributes(defined(attributes)),
    fail(type) {
      span.setAttribute('error.type', type);
      span.setStatus({ code: SpanStatusCode.ERROR });
    },
  };
}

function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function spanContextOf(traceparent: string | undefined): SpanContext | undefined {
  const parsed = parseTraceparent(traceparent);
  return parsed && { traceId: parsed.traceId, spanId: parsed.spanId, traceFlags: parsed.flags & 1, isRemote: true };
}

function defined(attributes: Attributes = {}): Record<string, string | number | boolean> {
  const set = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as Record<string, string | number | boolean>;
}
