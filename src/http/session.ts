/** Signing in to the pages and out again. What is told without a session is no secret. */
import type { Request, Response } from 'express';
import { z } from 'zod';
import { sessionToken, setSessionCookie } from './cookies';
import { addressOf } from './auth';
import type { SessionAnswer, Unsent } from './answers';
import { readJson } from './body';
import type { AppDeps } from './deps';
import type { Limits } from './limits';
import { isLocal } from './local';
import { Problem } from './problem';
import { check } from './query';
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
}

export function sessionRoutes(routes: Routes, deps: AppDeps, { sessions, limits }: SessionParts): void {
  const { clock, development, admin, inbox, publicUrl, temporalUi, version } = deps;
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
    return admin?.demo === true && isLocal(req);
  }

  async function isSignedIn(req: Request): Promise<boolean> {
    const token = sessionToken(req);
    return token !== undefined && sessions !== undefined && (await sessions.isOpen(token));
  }

  /** Only wrong passwords count against the limits. */
  function needPassword(req: Request, sessions: Sessions, password: string): void {
    const address = addressOf(req);
    limits.signIn(address);
    if (!sessions.isPassword(password)) {
      throw new Problem('unauthorized', 'This is not the password. It is the value of SOJOURN_ADMIN_PASSWORD.');
    }
    limits.signedIn(address);
  }

  routes.get('/v1/session', async (req, res) => {
    sendJson(res, 200, view(req, await isSignedIn(req)));
  });

  routes.post('/v1/session', async (req, res) => {
    needSameOrigin(req, publicUrl);
    const { password } = check(signInBody, (await readJson(req, maxBytes)).value);
    if (!sessions) throw new Problem('not-available', 'Nobody can sign in here: SOJOURN_ADMIN_PASSWORD is not set.');
    if (password !== undefined) needPassword(req, sessions, password);
    else if (!mayDemo(req)) {
      throw new Problem('forbidden', 'Only the demo signs in without a password, and only on its own machine.');
    }
    setSessionCookie(res, await sessions.open(), secure);
    sendJson(res, 200, view(req, true));
  });

  routes.delete('/v1/session', async (req: Request, res: Response) => {
    needSameOrigin(req, publicUrl);
    const token = sessionToken(req);
    if (token !== undefined) await sessions?.close(token);
    setSessionCookie(res, undefined, secure);
    sendJson(res, 200, view(req, false));
  });
}
