/**
 * The kill switch of each message that journeys send. Not under `/v1/messages`, which is the ledger of what was sent:
 * this is about the message itself, by the name of its folder.
 */
import type { Request, Response } from 'express';
import { z } from 'zod';
import { pausedMessages } from '../messaging';
import type { PausedTemplatesAnswer, TemplateAnswer } from './answers';
import type { Authenticator } from './auth';
import type { AppDeps } from './deps';
import { Problem } from './problem';
import { check } from './query';
import { sendJson, type Routes } from './routes';

const messageId = z.string().regex(/^[\w.-]{1,128}$/, { error: "must be a message's id, the name of its folder" });

export function templateRoutes(
  routes: Routes,
  { db, pauseMessage, messageIds = [] }: AppDeps,
  auth: Authenticator,
): void {
  routes.get('/v1/templates/paused', async (req, res) => {
    await auth.authenticate(req, 'secret');
    const paused = await pausedMessages(db);
    sendJson(res, 200, { paused, messages: [...messageIds].sort() } satisfies PausedTemplatesAnswer);
  });

  const turn = (paused: boolean) => async (req: Request, res: Response) => {
    await auth.authenticate(req, 'secret');
    const { message } = check(z.object({ message: messageId }), req.params);
    if (!(await pauseMessage(message, paused))) {
      throw new Problem('not-found', `There is no message '${message}'; its id is its folder's name in messages/.`, {
        path: 'message',
      });
    }
    sendJson(res, 200, { id: message, paused } satisfies TemplateAnswer);
  };

  routes.post('/v1/templates/:message/pause', turn(true));
  routes.post('/v1/templates/:message/resume', turn(false));
}
