/**
 * The shop's own small back end: it holds the keys, knows who is signed in, and tells the guide how far its visitor has
 * come. It speaks to Sojourn over HTTP alone, as any shop would.
 */
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Clock } from '../clock';
import { Problem, readJson, sendJson, signUserId, type Routes } from '../http';
import { readSessionCookie, sessionCookie, type Account, type Accounts } from './accounts';
import type { ProgressAnswer, SessionAnswer } from './shop/answers';
import { progressOf } from './progress';
import type { SojournApi } from './sojourn-api';

export interface ShopDeps {
  accounts: Accounts;
  clock: Clock;
  signingKey: string;
  writeKey: string;
  publicUrl: string;
  realMail: boolean;
  shoppers: boolean;
  /** Undefined while the API is not listening yet. */
  api(): SojournApi | undefined;
}

const cookieName = 'demo_shop';
const sessionSeconds = 30 * 86_400;
const maxBodyBytes = 4_096;

const text = (what: string, most: number) =>
  z
    .string({ error: `Give ${what}.` })
    .trim()
    .min(1, { error: `Give ${what}.` })
    .max(most, { error: `Give ${what} of at most ${most} characters.` })
    .regex(/^[^\p{Cc}]*$/u, { error: `Give ${what} without control characters.` });
const signUp = z.object({
  name: text('a name', 60),
  email: text('an e-mail address', 200).regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;"]+$/, {
    error: 'Give an e-mail address like ada@example.com.',
  }),
  anonymousId: z.string().min(1).max(100),
  timezone: z.string().max(64).optional(),
});

/** Whom the form proposes, in this order. */
const suggested = [
  'Ada Lovelace',
  'Grace Hopper',
  'Alan Turing',
  'Hedy Lamarr',
  'Katherine Johnson',
  'Edsger Dijkstra',
];

/** RFC 2606 and 6761: nobody reads mail there. */
const nobodyThere = /(@|\.)(example(\.(com|net|org))?|test|invalid|localhost)$/i;

export function shopRoutes(routes: Routes, deps: ShopDeps): void {
  const { accounts, clock, signingKey } = deps;
  const mayOpenAnother = perMinute(60);

  function visitorOf(req: Request): Account | undefined {
    const value = parseCookie(req.headers.cookie ?? '')[cookieName];
    const userId = value === undefined ? undefined : readSessionCookie(signingKey, value);
    return userId === undefined ? undefined : accounts.byUserId(userId);
  }

  function setCookie(req: Request, res: Response, value: string, maxAge: number): void {
    const secure = req.secure;
    res.setHeader(
      'set-cookie',
      stringifySetCookie({
        name: cookieName,
        value,
        httpOnly: true,
        sameSite: 'strict',
        path: '/shop',
        maxAge,
        secure,
      }),
    );
  }

  function session(account: Account | undefined, returning?: boolean): SessionAnswer {
    return {
      writeKey: deps.writeKey,
      publicUrl: deps.publicUrl,
      timeScale: clock.scale,
      realMail: deps.realMail,
      visitor: account ? { ...account, signature: signUserId(signingKey, account.userId) } : null,
      suggestion: deps.realMail ? null : accounts.unused(suggested),
      ...(returning !== undefined && { returning }),
    };
  }

  function apiNow(): SojournApi {
    const api = deps.api();
    if (!api) throw new Problem('unavailable', 'The demo is still starting. Try again in a few seconds.');
    return api;
  }

  routes.get('/shop/api/session', (req, res) => sendJson(res, 200, session(visitorOf(req))));

  routes.post('/shop/api/sign-up', async (req, res) => {
    const { name, email, anonymousId, timezone } = await bodyOf(req, signUp);
    if (deps.realMail && nobodyThere.test(email)) {
      throw new Problem('invalid-request', 'Mails leave through a real server here: give an address of your own.', {
        path: 'email',
      });
    }
    if (!mayOpenAnother()) {
      throw new Problem('too-many-requests', 'More people sign up than a demo is made for. Wait a minute.', {
        headers: { 'retry-after': '60' },
      });
    }
    const api = apiNow();
    const { account, returning } = await accounts.open({ name, email });
    const { userId } = account;
    // The server vouches for the address, and says that the browser's anonymous visitor is this user.
    const traits = { name: account.name, email: account.email, ...(timezone !== undefined && { timezone }) };
    await api.report('identify', { userId, anonymousId, traits });
    await api.report('track', {
      userId,
      anonymousId,
      event: returning ? 'login' : 'sign_up',
      properties: { method: 'e-mail' },
    });
    setCookie(req, res, sessionCookie(signingKey, userId), sessionSeconds);
    sendJson(res, 200, session(account, returning));
  });

  routes.post('/shop/api/sign-out', async (req, res) => {
    await bodyOf(req, z.object({}));
    const account = visitorOf(req);
    if (account) await apiNow().report('track', { userId: account.userId, event: 'logout' });
    setCookie(req, res, '', 0);
    sendJson(res, 200, session(undefined));
  });

  routes.get('/shop/api/progress', async (req, res) => {
    const account = visitorOf(req);
    sendJson(res, 200, account ? await progressFor(account) : nobody());
  });

  function nobody(): ProgressAnswer {
    return {
      visitor: null,
      cart: null,
      reminder: { state: 'none' },
      temporalRun: null,
      mails: null,
      shoppers: deps.shoppers,
    };
  }

  async function progressFor(account: Account): Promise<ProgressAnswer> {
    const api = apiNow();
    const { userId, name, email } = account;
    const [timeline, runs, mails] = await Promise.all([
      api.timeline(userId),
      api.runs(userId),
      deps.realMail ? undefined : api.mails(email, 20),
    ]);
    const seen = { timeline, runs, mails, now: clock.now(), timeScale: clock.scale };
    return { visitor: { userId, name, email }, ...progressOf(seen), shoppers: deps.shoppers };
  }
}

/** At most so many a minute. */
function perMinute(most: number): () => boolean {
  let minute = 0;
  let count = 0;
  return () => {
    const now = Math.floor(Date.now() / 60_000);
    if (now !== minute) [minute, count] = [now, 0];
    count += 1;
    return count <= most;
  };
}

/** Only JSON: a form of another site can't send that without being asked first. */
async function bodyOf<T>(req: Request, shape: z.ZodType<T>): Promise<T> {
  if (!/^application\/json\b/i.test(req.headers['content-type'] ?? '')) {
    throw new Problem('unsupported-media-type', "Send JSON with 'content-type: application/json'.");
  }
  const parsed = shape.safeParse((await readJson(req, maxBodyBytes)).value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Problem('invalid-request', issue?.message ?? 'The body does not fit.', { path: issue?.path.join('.') });
}
