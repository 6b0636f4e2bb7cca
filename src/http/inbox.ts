/**
 * The inbox of development. On the machine itself no key is asked for, so that a browser can show it; see `isLocal` for
 * what that excludes.
 */
import type { Request } from 'express';
import { z } from 'zod';
import type { InboxAnswer, InboxSummaryAnswer, MailAnswer, MailSummary } from './answers';
import type { Authenticator } from './auth';
import type { AppDeps, InboxMail } from './deps';
import { isLocal } from './local';
import { sendMailHtml } from './mail-frame';
import { Problem } from './problem';
import { check, limit, rowId } from './query';
import { sendJson, type Routes } from './routes';

export const inboxQuery = z.strictObject({
  to: z.string().max(320).optional().describe('One recipient'),
  limit: limit(1_000, 100),
  fields: z
    .literal('summary', { error: 'must be summary' })
    .optional()
    .describe('Without it, each mail has its headers, text and html'),
});

export function inboxRoutes(routes: Routes, deps: AppDeps, auth: Authenticator): void {
  const { inbox } = deps;
  if (!inbox) return;

  async function admit(req: Request): Promise<void> {
    if (!isLocal(req, deps)) await auth.authenticate(req, 'secret');
  }

  function mailOf(req: Request): InboxMail {
    const { id } = check(z.object({ id: rowId }), req.params);
    const mail = inbox?.get(Number(id));
    if (!mail) throw new Problem('not-found', `There is no mail ${id} in the inbox.`, { path: 'id' });
    return mail;
  }

  routes.get('/v1/inbox', async (req, res) => {
    await admit(req);
    const { fields, ...filter } = check(inboxQuery, req.query);
    const mails = inbox.list(filter);
    if (fields === undefined) sendJson(res, 200, { mails } satisfies InboxAnswer);
    else sendJson(res, 200, { mails: mails.map(summaryOf) } satisfies InboxSummaryAnswer);
  });

  routes.get('/v1/inbox/:id', async (req, res) => {
    await admit(req);
    sendJson(res, 200, mailOf(req) satisfies MailAnswer);
  });

  routes.get('/inbox/:id/html', async (req, res) => {
    await admit(req);
    sendMailHtml(res, mailOf(req).html);
  });
}

function summaryOf({ id, at, from, to, subject, messageId }: InboxMail): MailSummary {
  return { id, at, from, to, subject, messageId };
}
