/**
 * The one logger of a process: a line of JSON for each thing that happened, with the numbers and ids that lead to it in
 * the store and in Temporal, and nothing that says who it was. Callers log ids only; what a library brings along is
 * caught by the serializers, by names that are never written, and by a mask over each finished line.
 */
import pino, { type DestinationStream, type Logger } from 'pino';
import { masked } from './mask';
import { safeError } from './safe-error';

export type { Logger } from 'pino';

export interface LogOptions {
  level?: string;
  /** On every line: which roles the process has. */
  base?: Record<string, string>;
  /** Standard output unless given. */
  to?: DestinationStream;
}

/** Whatever holds one of these, holds a person or a secret. */
const neverWritten = [
  ...['email', 'phone', 'address', 'traits', 'properties', 'props', 'subject', 'to', 'html', 'text', 'url', 'body'],
  ...[
    'headers',
    'authorization',
    'cookie',
    'password',
    'token',
    'taskToken',
    'writeKey',
    'secretKey',
    'signingKey',
    'apiKey',
  ],
  ...['userId', 'anonymousId', 'input', 'args'],
];

export function createLog({ level = 'info', base, to = pino.destination(1) }: LogOptions = {}): Logger {
  return pino(
    {
      level,
      base: base ?? {},
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => safeError(error), error: (error: unknown) => safeError(error) },
      redact: { paths: neverWritten.flatMap((name) => [name, `*.${name}`]), censor: '…' },
      hooks: { streamWrite: masked },
    },
    to,
  );
}

export function logFile(path: string): DestinationStream {
  return pino.destination({ dest: path, sync: false, mode: 0o600 });
}
