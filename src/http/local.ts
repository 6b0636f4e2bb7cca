/**
 * Whether a request comes from this very machine, to a name of it: a browser here, and no page of elsewhere that points
 * its own name at this machine (DNS rebinding), nor somebody whom a proxy here speaks for.
 */
import type { IncomingMessage } from 'node:http';

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const localHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

export function isLocal(req: IncomingMessage): boolean {
  const forwarded = req.headers['x-forwarded-for'] !== undefined || req.headers['forwarded'] !== undefined;
  return !forwarded && loopback.has(req.socket.remoteAddress ?? '') && localHost.test(req.headers.host ?? '');
}
