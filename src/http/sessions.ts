/**
 * Sessions of admins who signed in to the pages. A token is random, given once as a cookie and kept as its SHA-256, with
 * a fingerprint of the password it was given for: another password ends them all.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../db';

export interface Sessions {
  /** Compared in constant time. */
  isPassword(given: string): boolean;
  /** A new session's token. */
  open(): Promise<string>;
  /**
   * `beforeLook` is called before the store is asked about something that was not seen open here, and may throw to
   * prevent it.
   */
  isOpen(token: string, beforeLook?: () => void): Promise<boolean>;
  close(token: string): Promise<void>;
}

export interface SessionOptions {
  db: Db;
  password: string;
  signingKey: string;
}

export const sessionHours = 12;
/** Of more, the oldest end: a stack that signs in by itself must not fill its store. */
const mostSessions = 1_000;
const wellFormed = /^[A-Za-z0-9_-]{43}$/;

const digest = (text: string) => createHash('sha256').update(text).digest();
const hashOf = (token: string) => digest(token).toString('hex');

export function createSessions({ db, password, signingKey }: SessionOptions): Sessions {
  const expected = digest(password);
  const fingerprint = createHmac('sha256', signingKey).update(`admin-password:${password}`).digest('hex');
  /** Hashes of sessions that were open when last asked about: who has one does not guess. */
  const seen = new Set<string>();

  function note(hash: string): void {
    if (seen.size >= mostSessions) seen.delete(seen.values().next().value!);
    seen.add(hash);
  }

  return {
    isPassword: (given) => timingSafeEqual(digest(given), expected),
    async open() {
      const token = randomBytes(32).toString('base64url');
      await sql`delete from sojourn.admin_sessions where wall_expires_at < now() or hash in (
        select hash from sojourn.admin_sessions order by wall_expires_at desc offset ${mostSessions - 1})`.execute(db);
      await sql`insert into sojourn.admin_sessions (hash, fingerprint, wall_expires_at)
        values (${hashOf(token)}, ${fingerprint}, now() + make_interval(hours => ${sessionHours}))`.execute(db);
      note(hashOf(token));
      return token;
    },
    async isOpen(token, beforeLook) {
      const hash = hashOf(token);
      if (!seen.has(hash)) beforeLook?.();
      if (!wellFormed.test(token)) return false;
      const found = await db
        .selectFrom('admin_sessions')
        .select('hash')
        .where('hash', '=', hash)
        .where('fingerprint', '=', fingerprint)
        .where('wall_expires_at', '>', sql<Date>`now()`)
        .executeTakeFirst();
      if (found) note(hash);
      else seen.delete(hash);
      return found !== undefined;
    },
    async close(token) {
      seen.delete(hashOf(token));
      await db.deleteFrom('admin_sessions').where('hash', '=', hashOf(token)).execute();
    },
  };
}
