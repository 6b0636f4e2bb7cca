/**
 * The Idempotency-Key header, as in the IETF draft "The Idempotency-Key HTTP Header Field": the same request with the
 * same key gets the same answer, another body is 422, and one that is still being handled is 409.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { sql } from 'kysely';
import type { Db } from '../db';
import { isOwnMessageId, maxIdLength, ownMessageIdRule } from '../events';
import { Problem } from './problem';

export interface Reply {
  status: number;
  body: unknown;
}

/** A request that has not ended after this long died with its process; another may take its place. */
const abandonedAfterS = 60;
const keptForDays = 7;

function hash(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

export function idempotencyKey(req: IncomingMessage): string | undefined {
  const given = req.headers['idempotency-key'];
  if (given === undefined) return undefined;
  const key = String(given).replace(/^"(.*)"$/, '$1');
  if (key === '' || key.length > maxIdLength) {
    throw new Problem('invalid-request', `The Idempotency-Key must have 1 to ${maxIdLength} characters.`, {
      path: 'Idempotency-Key',
    });
  }
  if (isOwnMessageId(key)) {
    throw new Problem('invalid-request', `The Idempotency-Key ${ownMessageIdRule}.`, { path: 'Idempotency-Key' });
  }
  return key;
}

/** Does `work` once for this key within `scope`. What fails is forgotten, so that it may be tried again. */
export async function once(
  db: Db,
  scope: string,
  key: string,
  body: string,
  work: () => Promise<Reply>,
): Promise<Reply> {
  const keyHash = hash(scope, key);
  const requestHash = hash(body);
  const { rows: claimed } = await sql`
    insert into sojourn.idempotency_keys as k (key_hash, request_hash) values (${keyHash}, ${requestHash})
    on conflict (key_hash) do update set request_hash = excluded.request_hash, status = null, body = null,
      wall_created_at = now()
    where k.wall_created_at < now() - make_interval(days => ${keptForDays})
      or (k.status is null and k.request_hash = excluded.request_hash
          and k.wall_created_at < now() - make_interval(secs => ${abandonedAfterS}))
    returning key_hash`.execute(db);
  if (claimed.length === 0) return earlier(db, keyHash, requestHash);
  try {
    const reply = await work();
    await db
      .updateTable('idempotency_keys')
      .set({ status: reply.status, body: JSON.stringify(reply.body) })
      .where('key_hash', '=', keyHash)
      .execute()
      // The work is done and committed; without the note a repetition is told to wait, and then does it again.
      .catch(() => undefined);
    return reply;
  } catch (error) {
    await db
      .deleteFrom('idempotency_keys')
      .where('key_hash', '=', keyHash)
      .execute()
      .catch(() => undefined);
    throw error;
  }
}

async function earlier(db: Db, keyHash: string, requestHash: string): Promise<Reply> {
  const row = await db.selectFrom('idempotency_keys').selectAll().where('key_hash', '=', keyHash).executeTakeFirst();
  if (row && row.request_hash !== requestHash) {
    throw new Problem('idempotency-mismatch', 'Use a new Idempotency-Key for a new request.', {
      path: 'Idempotency-Key',
    });
  }
  if (!row || row.status === null) {
    throw new Problem('idempotency-in-progress', 'Wait for the first request, or send this one again in a moment.', {
      headers: { 'retry-after': '1' },
    });
  }
  return { status: row.status, body: row.body };
}
