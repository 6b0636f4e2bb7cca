/**
 * Errors as RFC 9457 `application/problem+json`: a stable `type`, and a `detail` that says what to do. The one place
 * where what is thrown becomes an HTTP answer.
 */
import type { ServerResponse } from 'node:http';
import { RetryLater, StoreUnavailable } from '../errors';

const titles = {
  'bad-json': [400, 'The body is not JSON'],
  'invalid-event': [400, 'The event does not fit'],
  'invalid-request': [400, 'The request does not fit'],
  unauthorized: [401, 'A key is needed'],
  forbidden: [403, 'This key may not do that'],
  'not-found': [404, 'There is no such thing'],
  'method-not-allowed': [405, 'This address does not take that method'],
  conflict: [409, 'The state does not allow it'],
  'idempotency-in-progress': [409, 'The first request with this Idempotency-Key is still being handled'],
  'too-large': [413, 'Too large'],
  'unsupported-media-type': [415, 'The body must be JSON'],
  'idempotency-mismatch': [422, 'This Idempotency-Key came with another body before'],
  'too-many-requests': [429, 'Too many requests'],
  internal: [500, 'Something went wrong here'],
  'not-available': [501, 'This part is not running'],
  unavailable: [503, 'The store is away'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemType = keyof typeof titles;
export const problemTypes = Object.keys(titles);

/** The URI of a problem's type; it names the problem, and is not meant to be fetched. */
export function problemUri(type: string): string {
  return `urn:sojourn:problem:${type}`;
}

export interface FieldError {
  index?: number;
  path: string;
  detail: string;
}

interface Extra {
  /** The wrong field. */
  path?: string;
  errors?: FieldError[];
  headers?: Record<string, string>;
}

/** Thrown by handlers; becomes the answer. */
export class Problem extends Error {
  readonly status: number;
  constructor(
    readonly type: ProblemType,
    readonly detail: string,
    readonly extra: Extra = {},
  ) {
    super(detail);
    this.status = titles[type][0];
  }

  send(res: ServerResponse): void {
    const { path, errors, headers } = this.extra;
    const body = JSON.stringify({
      type: problemUri(this.type),
      title: titles[this.type][1],
      status: this.status,
      detail: this.detail,
      ...(path !== undefined && { path }),
      ...(errors && { errors }),
    });
    res.writeHead(this.status, {
      'content-type': 'application/problem+json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*',
      // How long to wait is for pages of other sites, too.
      ...(headers?.['retry-after'] !== undefined && { 'access-control-expose-headers': 'retry-after' }),
      ...headers,
    });
    res.end(body);
  }
}

const connectionErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'ENOENT',
  'EAI_AGAIN',
]);
/** pg and its pool give these no code. */
const connectionMessages =
  /connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/i;

/** Whether the error says that PostgreSQL is away, shutting down, or has no connection to spare. */
export function isStoreAway(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isStoreAway);
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /^(08|53|57P)/.test(code) || connectionErrors.has(code) || connectionMessages.test(error.message);
}

/** Whether PostgreSQL ended a statement that took too long: query_canceled. */
export function isTooSlow(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '57014';
}

/** PostgreSQL's class 22: what the caller gave can't be a value of that column, as a text with a NUL character. */
function isRefusedData(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('22');
}

/** What an error means to the caller; undefined for a fault of ours. */
export function toProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof StoreUnavailable || isStoreAway(error) || isTooSlow(error)) {
    return new Problem(
      'unavailable',
      'The store does not answer, so nothing was taken. Send the same request again later.',
      {
        headers: { 'retry-after': '2' },
      },
    );
  }
  if (error instanceof RetryLater) {
    const seconds = Math.max(1, Math.ceil((error.afterMs ?? 1_000) / 1_000));
    return new Problem('unavailable', `${error.message}. Nothing was taken; send the same request again later.`, {
      headers: { 'retry-after': String(seconds) },
    });
  }
  if (isRefusedData(error)) {
    return new Problem('invalid-request', 'The store can not hold or look up one of the values given; correct it.');
  }
  // Express refuses an address whose escapes can't be decoded with a URIError.
  if (error instanceof URIError) return new Problem('invalid-request', 'The address has a wrong %-escape; correct it.');
  return undefined;
}
