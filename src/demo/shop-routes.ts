/**
 * The shop's own small back end: it holds the keys, knows who is signed in, and tells the guide how far its visitor has
 * come. It speaks to Sojourn over HTTP alone, as any shop would.
 */
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Clock } from '../clock';
import { isLocal, Problem, readJson, sendJson, signUserId, type Reached, type Routes } from '../http';
import { readSessionCookie, sessionCookie, type Account, type Accounts } from './accounts';
import type { ProgressAnswer, SessionAnswer } from './shop/answers';
import { codeOf, progressOf, type Code } from './progress';
import type { SojournApi } from './sojourn-api';

export interface ShopDeps {
  accounts: Accounts;
  clock: Clock;
  signingKey: string;
  writeKey: string;
  publicUrl: string;
  trustProxy?: Reached['trustProxy'];
  realMail: boolean;
  shoppers: boolean;
  code?: Code;
  /** Undefined while the API is not listening yet. */
  api(): SojournApi | undefined;
}

const cookieName = 'demo_shop';
/** Who signed out last: the guide goes on telling of them. */
const lastCookieName = 'demo_shop_last';
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

  function visitorOf(req: Request, cookie = cookieName): Account | undefined {
    const value = parseCookie(req.headers.cookie ?? '')[cookie];
    const userId = value === undefined ? undefined : readSessionCookie(signingKey, value);
    return userId === undefined ? undefined : accounts.byUserId(userId);
  }

  /** Who is signed in here, and who was before; either may be nobody. */
  function setCookies(req: Request, res: Response, { now, last }: { now?: Account; last?: Account }): void {
    const cookieFor = (name: string, account: Account | undefined) =>
      stringifySetCookie({
        name,
        value: account ? sessionCookie(signingKey, account.userId) : '',
        httpOnly: true,
        sameSite: 'strict',
        path: '/shop',
        maxAge: account ? sessionSeconds : 0,
        secure: req.secure,
      });
    res.setHeader('set-cookie', [cookieFor(cookieName, now), cookieFor(lastCookieName, last)]);
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
    // Otherwise a shop that others reach would send mails to whomever they name.
    if (deps.realMail && !isLocal(req, deps)) {
      throw new Problem('forbidden', 'Mails leave through a real server here: sign up on the machine of the demo.');
    }
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
    const traits = {
      name: account.name,
      first_name: firstName(account.name),
      email: account.email,
      ...(timezone !== undefined && { timezone }),
    };
    await api.report('identify', { userId, anonymousId, traits });
    await api.report('track', {
      userId,
      anonymousId,
      event: returning ? 'login' : 'sign_up',
      properties: { method: 'e-mail' },
    });
    setCookies(req, res, { now: account });
    sendJson(res, 200, session(account, returning));
  });

  routes.post('/shop/api/sign-out', async (req, res) => {
    const { startOver } = await bodyOf(req, z.object({ startOver: z.boolean().optional() }));
    const account = visitorOf(req);
    if (account) await apiNow().report('track', { userId: account.userId, event: 'logout' });
    setCookies(req, res, { last: startOver === true ? undefined : (account ?? visitorOf(req, lastCookieName)) });
    sendJson(res, 200, session(undefined));
  });

  routes.get('/shop/api/progress', async (req, res) => {
    const account = visitorOf(req);
    const last = account ? undefined : visitorOf(req, lastCookieName);
    const shown = account ?? last;
    sendJson(res, 200, shown ? await progressFor(shown, { signedOut: last !== undefined }) : nobody());
  });

  function nobody(): ProgressAnswer {
    return {
      visitor: null,
      signedOut: false,
      cart: null,
      reminder: { state: 'none' },
      temporalRun: null,
      code: codeOf(deps.code),
      mails: null,
      shoppers: deps.shoppers,
    };
  }

  async function progressFor(account: Account, { signedOut }: { signedOut: boolean }): Promise<ProgressAnswer> {
    const api = apiNow();
    const { userId, name, email } = account;
    const [timeline, runs, mails] = await Promise.all([
      api.timeline(userId),
      api.runs(userId),
      deps.realMail ? undefined : api.mailSummaries(email, 20),
    ]);
    const seen = { timeline, runs, mails, now: clock.now(), timeScale: clock.scale, code: deps.code };
    return { visitor: { userId, name, email }, signedOut, ...progressOf(seen), shoppers: deps.shoppers };
  }
}

/** What mails greet by. */
const firstName = (name: string): string => name.split(/\s+/)[0] ?? name;

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
