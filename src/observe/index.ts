/** Logs, metrics and traces: what a process says about its work. */
export { createLog, logFile, type Logger, type LogOptions } from './log';
export { masked } from './mask';
export { createMetrics, type Metrics, type PoolCounts } from './metrics';
export { watchRequests, type Middleware } from './requests';
export { safeError, type SafeError } from './safe-error';
export { readSdkMetrics, sdkMetricsAddress } from './sdk-metrics';
export { parseTraceparent, traceKey } from './traceparent';
export { noTracing, startTracing, wantsTraces, type Span, type SpanOptions, type Tracing } from './tracing';
