/** How a message of the ledger looks: rendered anew, as text and for a frame. */
import type { Request } from 'express';
import { z } from 'zod';
import type { Preview } from '../messaging';
import type { PreviewAnswer } from './answers';
import type { Authenticator } from './auth';
import type { AppDeps } from './deps';
import { sendMailHtml } from './mail-frame';
import { Problem } from './problem';
import { check } from './query';
import { sendId } from './messages';
import { sendJson, type Routes } from './routes';

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
