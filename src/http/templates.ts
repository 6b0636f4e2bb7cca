/**
 * The kill switch of each message that journeys send. Not under `/v1/messages`, which is the ledger of what was sent:
 * this is about the message itself, by the name of its folder.
 */
import type { Request, Response } from 'express';
import { z } from 'zod';
import { lastChanges } from '../audit';
import { pausedMessages } from '../messaging';
import type { PausedTemplatesAnswer, TemplateAnswer, Unsent } from './answers';
import { markOf } from './audit';
import type { Authenticator } from './auth';
import type { AppDeps } from './deps';
import { Problem } from './problem';
import { check } from './query';
import { sendJson, type Routes } from './routes';

const messageId = z.string().regex(/^[\w.-]{1,128}$/, { error: "must be a message's id, the name of its folder" });

export function templateRoutes(
  routes: Routes,
  { db, log, pauseMessage, messageIds = [] }: AppDeps,
  auth: Authenticator,
): void {
  routes.get('/v1/templates/paused', async (req, res) => {
    await auth.authenticate(req, 'secret');
    const messages = [...messageIds].sort();
    const [paused, changed] = await Promise.all([pausedMessages(db), lastChanges(db, 'template', messages)]);
    const changes = Object.fromEntries([...changed].map(([id, change]) => [id, markOf(change)!]));
    sendJson(res, 200, { paused, messages, changes } satisfies Unsent<PausedTemplatesAnswer>);
  });

  const turn = (paused: boolean) => async (req: Request, res: Response) => {
    const by = await auth.authenticate(req, 'secret');
    const { message } = check(z.object({ message: messageId }), req.params);
    const turned = await pauseMessage(message, paused, by);
    if (!turned) {
      throw new Problem('not-found', `There is no message '${message}'; its id is its folder's name in messages/.`, {
        path: 'message',
      });
    }
    if (turned.changed) log?.info({ message, paused, by: by.id }, paused ? 'Message paused' : 'Message resumed');
    sendJson(res, 200, { id: message, paused } satisfies TemplateAnswer);
  };

  routes.post('/v1/templates/:message/pause', turn(true));
  routes.post('/v1/templates/:message/resume', turn(false));
}
