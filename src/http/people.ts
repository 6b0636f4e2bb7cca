/** People: traits and consent, and the timeline. */
import type { Request } from 'express';
import { z } from 'zod';
import { maxIdLength } from '../events';
import { findPerson, parsePersonName, readPerson, type FoundPerson } from '../people';
import type { Authenticator } from './auth';
import type { AppDeps } from './deps';
import { Problem } from './problem';
import { check, limit } from './query';
import { sendJson, type Routes } from './routes';
import { readTimeline } from './timeline';

export const timelineQuery = z.strictObject({
  limit: limit(500, 50).describe('How many at most'),
  before: z.string().min(1).max(2_000).optional().describe('`next` of an earlier page, or a time in ISO 8601'),
});

/** The person that a name of the outside means; 404 if there is none. */
export async function personNamed(db: AppDeps['db'], name: string, path: string): Promise<FoundPerson> {
  const unknown = new Problem(
    'not-found',
    `Nobody is known as '${name.slice(0, 100)}'. Give a userId, or 'anonymous:' and an anonymousId.`,
    { path },
  );
  if (name.length > maxIdLength + 10 || name.includes('\0')) throw unknown;
  const found = await findPerson(db, parsePersonName(name));
  if (!found) throw unknown;
  return found;
}

export function peopleRoutes(routes: Routes, { db, clock }: AppDeps, auth: Authenticator): void {
  async function named(req: Request): Promise<FoundPerson> {
    await auth.authenticate(req, 'secret');
    return personNamed(db, String(req.params['id']), 'id');
  }

  routes.get('/v1/people/:id', async (req, res) => {
    const found = await named(req);
    const person = await readPerson(db, found);
    if (!person) throw new Problem('not-found', 'This person is gone.', { path: 'id' });
    sendJson(res, 200, person);
  });

  routes.get('/v1/people/:id/timeline', async (req, res) => {
    const found = await named(req);
    const { limit, before } = check(timelineQuery, req.query);
    // A day ahead: another process's clock may be a little before ours.
    const endOfTime = new Date(clock.now() + 86_400_000);
    sendJson(res, 200, await readTimeline(db, { personIds: found.ids, limit, before, endOfTime }));
  });
}
