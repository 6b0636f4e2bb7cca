/** What operators changed, newest first: all, those of one kind of thing, or those of one thing. */
import { z } from 'zod';
import { listChanges, type RecordedChange } from '../audit';
import { auditKinds } from '../db';
import type { AuditAnswer, ChangeMark, Unsent } from './answers';
import type { Authenticator } from './auth';
import type { AppDeps } from './deps';
import { Problem } from './problem';
import { check, limit, rowId } from './query';
import { sendJson, type Routes } from './routes';

export const auditQuery = z.strictObject({
  kind: z.enum(auditKinds, { error: `must be one of ${auditKinds.join(', ')}` }).optional(),
  subject: z
    .string()
    .min(1)
    .max(256)
    .refine((text) => !text.includes('\0'))
    .optional()
    .describe('The id of one thing of that `kind`'),
  limit: limit(200, 50),
  before: rowId.optional().describe('`next` of an earlier page'),
});

export function auditRoutes(routes: Routes, { db, clock }: AppDeps, auth: Authenticator): void {
  routes.get('/v1/audit', async (req, res) => {
    await auth.authenticate(req, 'secret');
    const { kind, subject, limit, before } = check(auditQuery, req.query);
    if (subject !== undefined && kind === undefined) {
      throw new Problem('invalid-request', 'subject: say of which kind it is, as kind=journey.', { path: 'kind' });
    }
    const found = await listChanges(db, { kind, subject, before, limit: limit + 1 });
    const page = found.slice(0, limit);
    sendJson(res, 200, {
      at: new Date(clock.now()),
      changes: page,
      next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
    } satisfies Unsent<AuditAnswer>);
  });
}

/** The last change of a thing, as the answers about that thing carry it. */
export function markOf(change: RecordedChange | undefined): (Omit<ChangeMark, 'at'> & { at: Date }) | null {
  if (!change) return null;
  const { at, by, from, to } = change;
  return { at, by: by.name, from, to };
}
