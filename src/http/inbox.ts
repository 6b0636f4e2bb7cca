/**
 * The inbox of development. On the machine itself no key is asked for, so that a browser can show it; see `isLocal` for
 * what that excludes.
 */
import type { Request } from 'express';
import { z } from 'zod';
import { createClock } from '../clock';
import type { InboxAnswer, InboxSummaryAnswer, MailAnswer, MailSummary, Unsent } from './answers';
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
  const { inbox, clock } = deps;
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

  /** The inbox knows the wall's clock alone; what people read beside it is on the stack's. */
  const stackAt = (wall: number) => new Date(createClock(clock, () => wall).now());
  const whole = (mail: InboxMail) => ({ ...mail, stackAt: stackAt(mail.at) });
  const summary = ({ id, at, from, to, subject, messageId }: InboxMail): Unsent<MailSummary> => ({
    ...{ id, at, stackAt: stackAt(at) },
    ...{ from, to, subject, messageId },
  });

  routes.get('/v1/inbox', async (req, res) => {
    await admit(req);
    const { fields, ...filter } = check(inboxQuery, req.query);
    const mails = inbox.list(filter);
    const at = new Date(clock.now());
    if (fields === undefined) sendJson(res, 200, { at, mails: mails.map(whole) } satisfies Unsent<InboxAnswer>);
    else sendJson(res, 200, { at, mails: mails.map(summary) } satisfies Unsent<InboxSummaryAnswer>);
  });

  routes.get('/v1/inbox/:id', async (req, res) => {
    await admit(req);
    sendJson(res, 200, whole(mailOf(req)) satisfies Unsent<MailAnswer>);
  });

  routes.get('/inbox/:id/html', async (req, res) => {
    await admit(req);
    sendMailHtml(res, mailOf(req).html);
  });
}
