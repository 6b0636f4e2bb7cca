/** The W3C's `traceparent` (https://www.w3.org/TR/trace-context/): how a trace goes from one process to the next. */

/** Under which the traceparent of what reported an event is kept in the event's context. Nothing shows it. */
export const traceKey = '$traceparent';

export interface TraceParent {
  traceId: string;
  spanId: string;
  flags: number;
}

const form = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

/** Undefined for whatever is none; senders may put anything there. */
export function parseTraceparent(text: unknown): TraceParent | undefined {
  const [, traceId, spanId, flags] = (typeof text === 'string' && text.length < 200 && form.exec(text)) || [];
  return traceId && spanId && flags ? { traceId, spanId, flags: Number.parseInt(flags, 16) } : undefined;
}

export function formatTraceparent({ traceId, spanId, flags }: TraceParent): string {
  return `00-${traceId}-${spanId}-${(flags & 1).toString(16).padStart(2, '0')}`;
}
