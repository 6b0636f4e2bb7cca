/** The one cookie there is: the token of an admin's session. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';
import { sessionHours } from './sessions';

export const sessionCookie = 'sojourn_session';

export function sessionToken(req: IncomingMessage): string | undefined {
  const { cookie } = req.headers;
  // Most requests have no cookie, and most of the others not this one.
  if (cookie === undefined || !cookie.includes(sessionCookie)) return undefined;
  return parseCookie(cookie)[sessionCookie];
}

/** Without a token, the browser is told to forget the one it has. */
export function setSessionCookie(res: ServerResponse, token: string | undefined, secure: boolean): void {
  const cookie = stringifySetCookie({
    name: sessionCookie,
    value: token ?? '',
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    secure,
    maxAge: token === undefined ? 0 : sessionHours * 3_600,
  });
  res.setHeader('set-cookie', cookie);
}
