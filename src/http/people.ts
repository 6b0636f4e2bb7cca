/** People: traits and consent, and the timeline. */
import type { Request } from 'express';
import { z } from 'zod';
import { maxIdLength } from '../events';
import { findPerson, listPeople, parsePersonName, personName, readPerson, type FoundPerson } from '../people';
import type { PeopleAnswer, PersonAnswer, TimelineAnswer, Unsent } from './answers';
import type { Authenticator } from './auth';
import type { AppDeps } from './deps';
import { Problem } from './problem';
import { check, limit, readCursor, timeMs, writeCursor } from './query';
import { sendJson, type Routes } from './routes';
import { readTimeline } from './timeline';

export const timelineQuery = z.strictObject({
  limit: limit(500, 50).describe('How many at most'),
  before: z.string().min(1).max(2_000).optional().describe('`next` of an earlier page, or a time in ISO 8601'),
});

export const peopleQuery = z.strictObject({
  search: z
    .string()
    .trim()
    .max(256)
    .refine((text) => !text.includes('\0'))
    .optional()
    .describe('The beginning of a userId, an e-mail address or a name'),
  limit: limit(200, 50),
  before: z.string().min(1).max(2_000).optional().describe('`next` of an earlier page'),
});

const seenBefore = z.tuple([timeMs, z.string().regex(/^\d{1,18}$/)]);

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

export function peopleRoutes(routes: Routes, { db, clock, topics }: AppDeps, auth: Authenticator): void {
  async function named(req: Request): Promise<FoundPerson> {
    await auth.authenticate(req, 'secret');
    return personNamed(db, String(req.params['id']), 'id');
  }

  routes.get('/v1/people', async (req, res) => {
    await auth.authenticate(req, 'secret');
    const { search, limit, before } = check(peopleQuery, req.query);
    const place = before === undefined ? undefined : readCursor(seenBefore, before);
    const rows = await listPeople(db, {
      search: search === '' ? undefined : search,
      before: place && { at: new Date(place[0]), id: place[1] },
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    sendJson(res, 200, {
      at: new Date(clock.now()),
      people: page.map(({ id, ...rest }) => ({ ...rest, id: personName({ id, userId: rest.userId }) })),
      next: rows.length > limit && last ? writeCursor([seenAt(last).getTime(), last.id]) : null,
    } satisfies Unsent<PeopleAnswer>);
  });

  routes.get('/v1/people/:id', async (req, res) => {
    const found = await named(req);
    const person = await readPerson(db, found);
    if (!person) throw new Problem('not-found', 'This person is gone.', { path: 'id' });
    sendJson(res, 200, { at: new Date(clock.now()), ...person } satisfies Unsent<PersonAnswer>);
  });

  routes.get('/v1/people/:id/timeline', async (req, res) => {
    const found = await named(req);
    const { limit, before } = check(timelineQuery, req.query);
    // A day ahead: another process's clock may be a little before ours.
    const endOfTime = new Date(clock.now() + 86_400_000);
    const page = await readTimeline(db, { personIds: found.ids, limit, before, endOfTime, topics });
    sendJson(res, 200, { at: new Date(clock.now()), ...page } satisfies Unsent<TimelineAnswer>);
  });
}

function seenAt({ lastSeenAt, firstSeenAt }: { lastSeenAt: Date | null; firstSeenAt: Date }): Date {
  return lastSeenAt ?? firstSeenAt;
}
