/** The ledger: every message with its state and the reason, and how an uncertain one is settled. */
import type { Request } from 'express';
import { z } from 'zod';
import { lastChange } from '../audit';
import { sendStates } from '../db';
import { maxEventBytes } from '../events';
import { listSends, readSend, type SendDetail, type SendView } from '../messaging';
import { personName } from '../people';
import type { MessageAnswer, MessagesAnswer, MessageSummary, Unsent } from './answers';
import { markOf } from './audit';
import type { Authenticator } from './auth';
import { readJson } from './body';
import type { AppDeps } from './deps';
import { journeyNamed } from './journey-names';
import { personNamed } from './people';
import { Problem } from './problem';
import { check, limit, readCursor, timeMs, writeCursor } from './query';
import { sendJson, type Routes } from './routes';
import { temporalLink } from './runs';

export const messagesQuery = z.strictObject({
  person: z.string().max(300).optional().describe('A userId, or `anonymous:` and an anonymousId'),
  journey: z
    .string()
    .max(256)
    .refine((text) => !text.includes('\0'))
    .optional(),
  state: z.enum(sendStates, { error: `must be one of ${sendStates.join(', ')}` }).optional(),
  limit: limit(200, 50),
  before: z.string().min(1).max(2_000).optional().describe('`next` of an earlier page'),
});

export const settleBody = z.strictObject({
  verdict: z
    .enum(['sent', 'failed', 'resend'], { error: 'must be sent, failed or resend' })
    .describe('What became of it, as the provider says; or that it is to go out once more'),
});

export const sendId = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, { error: 'must be the id of a message' });
const cursor = z.tuple([timeMs, z.string().max(128)]);

function view<S extends SendView>({ personId, userId, ...rest }: S) {
  return { ...rest, person: personName({ id: personId, userId }) } satisfies Unsent<MessageSummary>;
}

export function messageRoutes(routes: Routes, deps: AppDeps, auth: Authenticator): void {
  const { db, clock, catalog, settleMessage, temporalUi } = deps;

  async function sendOf(req: Request) {
    const { id } = check(z.object({ id: sendId }), req.params);
    const send = await readSend(db, id);
    if (!send) throw new Problem('not-found', `There is no message ${id}.`, { path: 'id' });
    return send;
  }

  async function detail({ workflowId, temporalRunId, ...send }: SendDetail) {
    const [settled, switched] = await Promise.all([
      lastChange(db, 'message', send.id),
      lastChange(db, 'template', send.message),
    ]);
    return {
      at: new Date(clock.now()),
      ...view(send),
      settled: markOf(settled),
      switched: markOf(switched),
      temporal: workflowId === null ? null : temporalLink(temporalUi, workflowId, temporalRunId),
    } satisfies Unsent<MessageAnswer>;
  }

  routes.get('/v1/messages', async (req, res) => {
    await auth.authenticate(req, 'secret');
    const { person, journey, state, limit, before } = check(messagesQuery, req.query);
    const personIds = person === undefined ? undefined : (await personNamed(db, person, 'person')).ids;
    const place = before === undefined ? undefined : readCursor(cursor, before);
    const ids = catalog.journeys().map(({ id }) => id);
    const sends = await listSends(db, {
      personIds,
      journey: journey === undefined ? undefined : journeyNamed(journey, ids),
      state,
      before: place && { at: new Date(place[0]), id: place[1] },
      limit: limit + 1,
    });
    const page = sends.slice(0, limit);
    const last = page.at(-1);
    const next = sends.length > limit && last ? writeCursor([last.createdAt.getTime(), last.id]) : null;
    sendJson(res, 200, { at: new Date(clock.now()), messages: page.map(view), next } satisfies Unsent<MessagesAnswer>);
  });

  routes.get('/v1/messages/:id', async (req, res) => {
    await auth.authenticate(req, 'secret');
    sendJson(res, 200, await detail(await sendOf(req)));
  });

  routes.post('/v1/messages/:id/settle', async (req, res) => {
    const by = await auth.authenticate(req, 'secret');
    const send = await sendOf(req);
    const { verdict } = check(settleBody, (await readJson(req, maxEventBytes)).value);
    if (!settleMessage)
      throw new Problem('not-available', 'This process settles no messages. Ask one with the role worker.');
    if (!(await settleMessage(send.id, verdict, by))) {
      throw new Problem('conflict', `The message is ${send.state}; only uncertain ones are settled.`, { path: 'id' });
    }
    sendJson(res, 200, await detail(await sendOf(req)));
  });
}
