/**
 * Keeps other sites from acting with an admin's session (CSRF). A browser sends the cookie with requests of a page on
 * another port of the same host too, so the cookie alone says nothing: what a session may do, only our own pages may ask.
 */
import type { IncomingMessage } from 'node:http';
import { sessionToken } from './cookies';
import { Problem } from './problem';

/** A page of elsewhere can't send it without asking first, and the answer to that never allows it. */
export const csrfHeader = 'x-sojourn-csrf';

/** Asked for by our own pages. A 401 that names Basic would have the browser ask for a password by itself. */
export function isFromPages(req: IncomingMessage): boolean {
  return req.headers[csrfHeader] !== undefined || sessionToken(req) !== undefined;
}

/**
 * Throws unless our own pages ask: by the browser's word about where the request comes from, and, for what changes
 * something, by the header too. `publicUrl` counts as our own origin, for proxies that change the Host.
 */
export function needSameOrigin(req: IncomingMessage, publicUrl: string | undefined): void {
  const site = req.headers['sec-fetch-site'];
  const { origin } = req.headers;
  const changes = req.method !== 'GET' && req.method !== 'HEAD';
  if (site !== undefined && site !== 'same-origin' && (changes || site !== 'none')) return refuse();
  if (origin !== undefined && !isOwn(origin, req.headers.host, publicUrl)) return refuse();
  if (!changes) return;
  if (site === undefined && origin === undefined) return refuse();
  if (req.headers[csrfHeader] !== '1') {
    throw new Problem('forbidden', `A session changes something only with the header '${csrfHeader}: 1'.`);
  }
}

function refuse(): never {
  throw new Problem('forbidden', 'A session counts only for requests of our own pages. Use a secret key elsewhere.');
}

function isOwn(origin: string, host: string | undefined, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return false;
  return url.host === host?.toLowerCase() || (publicUrl !== undefined && url.origin === new URL(publicUrl).origin);
}
