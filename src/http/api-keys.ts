/** Keys of the API: made, rotated and revoked. A key is in the answer that made it, and in no other. */
import type { Request } from 'express';
import { z } from 'zod';
import { maxEventBytes } from '../events';
import type { KeysAnswer, NewKeyAnswer, RevokedKeyAnswer, Unsent } from './answers';
import type { Authenticator } from './auth';
import { readJson } from './body';
import type { AppDeps } from './deps';
import { Problem } from './problem';
import { check } from './query';
import { sendJson, type Routes } from './routes';

export const newKeyBody = z.strictObject({
  kind: z.enum(['browser', 'server', 'secret'], { error: 'must be browser, server or secret' }),
  name: z
    .string({ error: 'must be a text' })
    .trim()
    .min(1, { error: 'must not be empty' })
    .max(100, { error: 'must have at most 100 characters' })
    .refine((text) => !/\p{Cc}/u.test(text), { error: 'must have no control characters' }),
});

const keyId = z.string().regex(/^[\w-]{1,64}$/, { error: 'must be the id of a key' });
/** More would be a mistake of a script. */
const mostKeys = 1_000;

export function keyRoutes(routes: Routes, { keys, clock, log }: AppDeps, auth: Authenticator): void {
  const idOf = (req: Request) => check(z.object({ id: keyId }), req.params).id;

  /** What the environment gives is changed there. */
  function unknown(id: string): Problem {
    return id.startsWith('env-')
      ? new Problem('conflict', 'This key is given by the environment. Change it there, and start again.', {
          path: 'id',
        })
      : new Problem('not-found', `There is no key ${id} that is in use.`, { path: 'id' });
  }

  async function needRoom(): Promise<void> {
    const used = (await keys.list()).filter(({ revokedAt }) => revokedAt === null).length;
    if (used >= mostKeys) throw new Problem('conflict', `There are ${mostKeys} keys. Revoke those that nobody uses.`);
  }

  routes.get('/v1/keys', async (req, res) => {
    await auth.authenticate(req, 'secret');
    const all = await keys.list();
    sendJson(res, 200, { at: new Date(clock.now()), keys: all } satisfies Unsent<KeysAnswer>);
  });

  routes.post('/v1/keys', async (req, res) => {
    const by = await auth.authenticate(req, 'secret');
    const asked = check(newKeyBody, (await readJson(req, maxEventBytes)).value);
    await needRoom();
    const made = await keys.create(asked, by);
    log?.info({ key: made.id, kind: asked.kind, by: by.id }, 'Key made');
    sendJson(res, 201, made satisfies NewKeyAnswer);
  });

  routes.post('/v1/keys/:id/rotate', async (req, res) => {
    const by = await auth.authenticate(req, 'secret');
    const id = idOf(req);
    await needRoom();
    const made = await keys.rotate(id, by);
    if (!made) throw unknown(id);
    log?.info({ key: made.id, kind: made.kind, after: id, by: by.id }, 'Key rotated');
    sendJson(res, 201, { id: made.id, key: made.key } satisfies NewKeyAnswer);
  });

  routes.delete('/v1/keys/:id', async (req, res) => {
    const by = await auth.authenticate(req, 'secret');
    const id = idOf(req);
    const revoked = await keys.revoke(id, by);
    if (!revoked) throw unknown(id);
    log?.info({ key: id, kind: revoked.kind, by: by.id }, 'Key revoked');
    sendJson(res, 200, { id, revoked: true } satisfies RevokedKeyAnswer);
  });
}
