/** How a message of the ledger looks. Its HTML is somebody's data: it is shown in a frame that may do nothing. */
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Preview } from '../messaging';
import type { PreviewAnswer } from './answers';
import type { Authenticator } from './auth';
import type { AppDeps } from './deps';
import { Problem } from './problem';
import { check } from './query';
import { sendId } from './messages';
import { sendJson, type Routes } from './routes';

/** Pictures of a mail come from anywhere, and styles stand in it; scripts, forms and frames do nothing. */
const policy =
  "default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; font-src https:; sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'";

/** Links open in a tab of their own: most pages refuse to be shown in a frame. */
function inTabs(html: string): string {
  const base = '<base target="_blank">';
  return /<head(\s[^>]*)?>/i.test(html) ? html.replace(/<head(\s[^>]*)?>/i, (head) => head + base) : base + html;
}

export function sendMailHtml(res: Response, mail: string): void {
  const html = inTabs(mail);
  res.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  res.end(html);
}

export function previewRoutes(routes: Routes, { previewMessage }: AppDeps, auth: Authenticator): void {
  async function previewOf(req: Request): Promise<Preview> {
    await auth.authenticate(req, 'secret');
    const { id } = check(z.object({ id: sendId }), req.params);
    if (!previewMessage) throw new Problem('not-available', 'This process renders no messages.');
    const preview = await previewMessage(id);
    if (!preview) throw new Problem('not-found', `There is no message ${id}.`, { path: 'id' });
    if ('reason' in preview) throw new Problem('not-found', preview.reason, { path: 'id' });
    return preview;
  }

  routes.get('/v1/messages/:id/preview', async (req, res) => {
    const { subject, text, from, to, note } = await previewOf(req);
    sendJson(res, 200, { subject, text, from, to, note } satisfies PreviewAnswer);
  });

  routes.get('/v1/messages/:id/html', async (req, res) => {
    sendMailHtml(res, (await previewOf(req)).html);
  });
}
