/** The one cookie there is: the token of an admin's session. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';
import { sessionHours } from './sessions';

export const sessionCookie = 'sojourn_session';

/**
 * A browser sends a cookie to every port of a host. On one's own machine several stacks may run side by side, a demo and
 * one's own, so there the port is in the name.
 */
function nameFor({ headers }: IncomingMessage): string {
  const port = /^(?:localhost|127\.0\.0\.1|\[::1\]):(\d{1,5})$/.exec(headers.host ?? '')?.[1];
  return port === undefined ? sessionCookie : `${sessionCookie}_${port}`;
}

export function sessionToken(req: IncomingMessage): string | undefined {
  const { cookie } = req.headers;
  // Most requests have no cookie, and most of the others not this one.
  if (cookie === undefined || !cookie.includes(sessionCookie)) return undefined;
  return parseCookie(cookie)[nameFor(req)];
}

/** Without a token, the browser is told to forget the one it has. */
export function setSessionCookie(
  req: IncomingMessage,
  res: ServerResponse,
  token: string | undefined,
  secure: boolean,
): void {
  const cookie = stringifySetCookie({
    name: nameFor(req),
    value: token ?? '',
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    secure,
    maxAge: token === undefined ? 0 : sessionHours * 3_600,
  });
  res.setHeader('set-cookie', cookie);
}
