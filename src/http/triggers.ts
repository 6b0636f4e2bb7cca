/** The trigger forms: a journey is asked for now, with facts, and the verdict is the answer. */
import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import {
  factsSchema,
  findUnstorable,
  maxEventBytes,
  maxIdLength,
  messageIdSchema,
  numberAsId,
  onStackClock,
} from '../events';
import type { TriggerRequest } from '../routing';
import type { Authenticator } from './auth';
import { readJson } from './body';
import type { AppDeps } from './deps';
import { idempotencyKey, once, type Reply } from './idempotency';
import { findJourneyId } from './journey-names';
import { Problem } from './problem';
import { check } from './query';
import { sendJson, type Routes } from './routes';

const id = z
  .union([z.string().trim().min(1).max(maxIdLength), numberAsId], {
    error: `must be a text of 1 to ${maxIdLength} characters`,
  })
  .transform(String)
  .refine((value) => !/^(anonymous|person):/.test(value), { error: `must not begin with 'anonymous:' or 'person:'` })
  .nullish();

export const triggerSchema = factsSchema.extend({
  userId: id,
  anonymousId: id,
  messageId: messageIdSchema.nullish().describe('The dedupe key'),
});

/** What Sojourn itself says in such an event; a caller's fact of that name is left out. */
const ours = new Set([
  'journey',
  'adopt',
  'facts',
  'writeKey',
  'user_id',
  'anonymous_id',
  'message_id',
  'cart_value',
  'last_activity',
]);

export function triggerRoutes(routes: Routes, deps: AppDeps, auth: Authenticator): void {
  const { catalog, clock, db, requestTrigger } = deps;

  function read(journey: string, body: unknown, dedupeKey: string | undefined): TriggerRequest {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw new Problem('invalid-request', 'The body must be a JSON object, as in {"userId": "u1", "cartValue": 80}.');
    }
    const unstorable = findUnstorable(body);
    if (unstorable)
      throw new Problem('invalid-request', `${unstorable.path} ${unstorable.detail}.`, { path: unstorable.path });
    const given = body as Record<string, unknown>;
    const nested = typeof given['facts'] === 'object' && !Array.isArray(given['facts']) ? given['facts'] : {};
    const { userId, anonymousId, messageId, ...facts } = check(triggerSchema, {
      ...given,
      ...nested,
      userId: given['userId'] ?? given['user_id'],
      anonymousId: given['anonymousId'] ?? given['anonymous_id'],
      messageId: given['messageId'] ?? given['message_id'],
      cartValue:
        given['cartValue'] ?? given['cart_value'] ?? (nested && 'cartValue' in nested ? nested.cartValue : undefined),
      lastActivity:
        given['lastActivity'] ??
        given['last_activity'] ??
        (nested && 'lastActivity' in nested ? nested.lastActivity : undefined),
    });
    if (!userId && !anonymousId) {
      throw new Problem('invalid-request', 'userId: is missing. Name the person by userId or anonymousId.', {
        path: 'userId',
      });
    }
    for (const name of Object.keys(facts)) if (ours.has(name) || facts[name] === undefined) delete facts[name];
    return {
      journey,
      userId: userId ?? undefined,
      anonymousId: anonymousId ?? undefined,
      facts: onStackClock(facts, clock),
      messageId: messageId ?? dedupeKey ?? randomUUID(),
      source: 'http',
    };
  }

  async function trigger(req: Request, res: Response): Promise<void> {
    const key = await auth.authenticate(req, 'trigger');
    const ids = catalog.journeys().map((journey) => journey.id);
    const name = String(req.params['journey']);
    const journey = findJourneyId(name, ids);
    if (journey === undefined) {
      throw new Problem('not-found', `There is no journey '${name.slice(0, 100)}'. There are: ${ids.join(', ')}.`, {
        path: 'journey',
      });
    }
    const body = await readJson(req, maxEventBytes);
    const dedupeKey = idempotencyKey(req);
    const request = read(journey, body.value, dedupeKey);
    const work = async (): Promise<Reply> => {
      const answer = await requestTrigger(request);
      return { status: answer.status === 'accepted' ? 202 : 200, body: answer };
    };
    const reply =
      dedupeKey === undefined
        ? await work()
        : await once(db, `${key.id} trigger ${journey}`, dedupeKey, body.text, work);
    sendJson(res, reply.status, reply.body);
  }

  for (const path of ['/api/trigger/:journey', '/trigger/:journey', '/triggers/:journey']) routes.post(path, trigger);
}
