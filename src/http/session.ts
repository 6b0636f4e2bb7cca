/** Signing in to the pages and out again. What is told without a session is no secret. */
import type { Request, Response } from 'express';
import { z } from 'zod';
import { sessionToken, setSessionCookie } from './cookies';
import type { Authenticator } from './auth';
import type { SessionAnswer, Unsent } from './answers';
import { readJson } from './body';
import type { AppDeps } from './deps';
import type { Limits } from './limits';
import { isLocal } from './local';
import { Problem } from './problem';
import { check } from './query';
import type { AddressOf } from './request-address';
import { sendJson, type Routes } from './routes';
import { needSameOrigin } from './same-origin';
import type { Sessions } from './sessions';

const maxBytes = 4_096;

export const signInBody = z
  .strictObject({
    password: z.string({ error: 'must be a text' }).max(1_000).optional(),
    demo: z.literal(true, { error: 'must be true' }).optional().describe('Signs in to a demo on this very machine'),
  })
  .refine(({ password, demo }) => (password === undefined) !== (demo === undefined), {
    error: 'must have either password or demo',
  });

export interface SessionParts {
  sessions?: Sessions;
  limits: Limits;
  addressOf: AddressOf;
}

export function sessionRoutes(
  routes: Routes,
  deps: AppDeps,
  auth: Authenticator,
  { sessions, limits, addressOf }: SessionParts,
): void {
  const { clock, development, admin, inbox, publicUrl, temporalUi, version, metrics, log } = deps;
  const secure = publicUrl?.startsWith('https:') ?? false;

  function view(req: Request, signedIn: boolean) {
    return {
      signedIn,
      at: new Date(clock.now()),
      timeScale: clock.scale,
      development: development ?? false,
      demo: mayDemo(req),
      inbox: inbox !== undefined,
      version: version ?? 'unknown',
      ...(signedIn && { publicUrl, temporalUi }),
    } satisfies Unsent<SessionAnswer>;
  }

  function mayDemo(req: Request): boolean {
    return admin?.demo === true && isLocal(req, deps);
  }

  /** Only wrong passwords count against the limits. */
  function needPassword(req: Request, sessions: Sessions, password: string): void {
    const address = addressOf(req);
    try {
      limits.signIn(address);
    } catch (error) {
      metrics.signIns.inc({ result: 'limited' });
      throw error;
    }
    if (!sessions.isPassword(password)) {
      metrics.signIns.inc({ result: 'refused' });
      // Where from is not written down: an address is a person's.
      log?.warn({ reason: 'wrong password' }, 'Sign-in refused');
      throw new Problem('unauthorized', 'This is not the password. It is the value of SOJOURN_ADMIN_PASSWORD.');
    }
    limits.signedIn(address);
  }

  routes.get('/v1/session', async (req, res) => {
    sendJson(res, 200, view(req, await auth.isSignedIn(req)));
  });

  routes.post('/v1/session', async (req, res) => {
    needSameOrigin(req, publicUrl);
    const { password } = check(signInBody, (await readJson(req, maxBytes)).value);
    if (!sessions) throw new Problem('not-available', 'Nobody can sign in here: SOJOURN_ADMIN_PASSWORD is not set.');
    if (password !== undefined) needPassword(req, sessions, password);
    else if (!mayDemo(req)) {
      metrics.signIns.inc({ result: 'refused' });
      throw new Problem('forbidden', 'Only the demo signs in without a password, and only on its own machine.');
    }
    const before = sessionToken(req);
    if (before !== undefined) await sessions.close(before);
    setSessionCookie(req, res, await sessions.open(), secure);
    metrics.signIns.inc({ result: 'signed_in' });
    log?.info({ with: password === undefined ? 'demo' : 'password' }, 'Signed in');
    sendJson(res, 200, view(req, true));
  });

  routes.delete('/v1/session', async (req: Request, res: Response) => {
    needSameOrigin(req, publicUrl);
    const token = sessionToken(req);
    if (token !== undefined && (await auth.isSignedIn(req))) await sessions?.close(token);
    setSessionCookie(req, res, undefined, secure);
    sendJson(res, 200, view(req, false));
  });
}
