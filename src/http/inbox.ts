/**
 * The inbox of development, as data and as pages. On the machine itself no key is asked for, so that a browser can show
 * it; a name in the Host header that is not this machine's is a page of elsewhere that points its name here.
 */
import type { Request } from 'express';
import { z } from 'zod';
import { inboxPage, mailPage } from '../web';
import type { Authenticator } from './auth';
import type { AppDeps, InboxMail } from './deps';
import { Problem } from './problem';
import { check, limit, rowId } from './query';
import { sendJson, sendPage, type Routes } from './routes';

export const inboxQuery = z.strictObject({
  to: z.string().max(320).optional().describe('One recipient'),
  limit: limit(1_000, 100),
});

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const localHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

function isLocal(req: Request): boolean {
  const forwarded = req.headers['x-forwarded-for'] !== undefined || req.headers['forwarded'] !== undefined;
  return !forwarded && loopback.has(req.socket.remoteAddress ?? '') && localHost.test(req.headers.host ?? '');
}

export function inboxRoutes(routes: Routes, { inbox }: AppDeps, auth: Authenticator): void {
  if (!inbox) return;

  async function admit(req: Request): Promise<void> {
    if (!isLocal(req)) await auth.authenticate(req, 'secret');
  }

  function mailOf(req: Request): InboxMail {
    const { id } = check(z.object({ id: rowId }), req.params);
    const mail = inbox?.get(Number(id));
    if (!mail) throw new Problem('not-found', `There is no mail ${id} in the inbox.`, { path: 'id' });
    return mail;
  }

  routes.get('/v1/inbox', async (req, res) => {
    await admit(req);
    sendJson(res, 200, { mails: inbox.list(check(inboxQuery, req.query)) });
  });

  routes.get('/inbox', async (req, res) => {
    await admit(req);
    sendPage(res, 200, inboxPage(inbox.list({ limit: 200 })));
  });

  routes.get('/inbox/:id', async (req, res) => {
    await admit(req);
    sendPage(res, 200, mailPage(mailOf(req)), "; frame-src 'self'");
  });

  routes.get('/inbox/:id/html', async (req, res) => {
    await admit(req);
    const { html } = mailOf(req);
    res.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-length': Buffer.byteLength(html),
      'content-security-policy':
        "default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; font-src https:; sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    res.end(html);
  });
}
