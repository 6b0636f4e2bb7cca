/**
 * Whether a request comes from this very machine, to a name of it: a browser here, and no page of elsewhere that points
 * its own name at this machine (DNS rebinding), nor somebody whom a proxy here speaks for. A proxy need not say that it
 * is one, so nobody is local where one is set up, or where the stack is known by another name than this machine's own.
 */
import type { IncomingMessage } from 'node:http';
import type { AppDeps } from './deps';

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const localHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
/** What proxies add, as far as they add anything. */
const ofProxies = ['forwarded', 'via', 'x-real-ip', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'];

/** How the stack is reached; a bare TCP tunnel to it can't be told from a browser here. */
export type Reached = Pick<AppDeps, 'publicUrl' | 'trustProxy'>;

export function isLocal(req: IncomingMessage, { publicUrl, trustProxy }: Reached): boolean {
  if (trustProxy !== undefined && trustProxy !== false) return false;
  if (publicUrl !== undefined && !localHost.test(new URL(publicUrl).host)) return false;
  if (ofProxies.some((name) => req.headers[name] !== undefined)) return false;
  return loopback.has(req.socket.remoteAddress ?? '') && localHost.test(req.headers.host ?? '');
}
