/** A collector for OpenTelemetry's traces: takes OTLP over HTTP in protobuf, by the numbers of its fields. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface ReceivedSpan {
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: number;
  attributes: Record<string, string>;
  links: string[];
}

export interface OtlpReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  url: string;
  spans: ReceivedSpan[];
  /** All that came, to look for what must not be in it. */
  raw(): string;
  close(): Promise<void>;
}

export async function otlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  let raw = '';
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const body = Buffer.concat(chunks);
      const message = req.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      raw += message.toString('latin1');
      if (req.url === '/v1/traces') spans.push(...readRequest(message));
      res.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    raw: () => raw,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** https://protobuf.dev/programming-guides/encoding: by field number, what is length-delimited, and varints. */
function fieldsOf(message: Buffer): Map<number, (Buffer | bigint)[]> {
  const fields = new Map<number, (Buffer | bigint)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = Number(varint());
    const type = tag & 7;
    let value: Buffer | bigint;
    if (type === 0) value = varint();
    else {
      const length = type === 2 ? Number(varint()) : type === 1 ? 8 : 4;
      value = message.subarray(at, (at += length));
    }
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), value]);
  }
  return fields;
}

const buffers = (message: Buffer, field: number): Buffer[] =>
  (fieldsOf(message).get(field) ?? []).filter((value) => Buffer.isBuffer(value));
const text = (message: Buffer, field: number): string => buffers(message, field)[0]?.toString('utf8') ?? '';
const hex = (message: Buffer, field: number): string => buffers(message, field)[0]?.toString('hex') ?? '';

// opentelemetry/proto/trace/v1/trace.proto: ResourceSpans, ScopeSpans, Span.
function readRequest(request: Buffer): ReceivedSpan[] {
  return buffers(request, 1).flatMap((resourceSpans) => {
    const resource = attributesOf(buffers(resourceSpans, 1)[0] ?? Buffer.alloc(0), 1);
    return buffers(resourceSpans, 2)
      .flatMap((scope) => buffers(scope, 2))
      .map((span) => ({
        service: resource['service.name'] ?? '',
        traceId: hex(span, 1),
        spanId: hex(span, 2),
        parentSpanId: hex(span, 4),
        name: text(span, 5),
        kind: Number(fieldsOf(span).get(6)?.[0] ?? 0),
        attributes: attributesOf(span, 9),
        links: buffers(span, 13).map((link) => hex(link, 1)),
      }));
  });
}

function attributesOf(message: Buffer, field: number): Record<string, string> {
  return Object.fromEntries(
    buffers(message, field).map((pair) => {
      const value = fieldsOf(buffers(pair, 2)[0] ?? Buffer.alloc(0));
      const [given] = value.get(1) ?? value.get(3) ?? [];
      return [text(pair, 1), Buffer.isBuffer(given) ? given.toString('utf8') : String(given)];
    }),
  );
}
