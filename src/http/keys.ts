/**
 * Keys of the API. A key is shown once, when it is made, and kept as its SHA-256; those of the environment are not kept
 * at all. What a request presents is hashed before anything compares it, so time tells nothing about a key.
 */
import { createHmac, hash as hashAtOnce, randomBytes, timingSafeEqual } from 'node:crypto';
import { recordChange, type Actor } from '../audit';
import type { Clock } from '../clock';
import { inTransaction, type Db } from '../db';

export type KeyKind = 'browser' | 'server' | 'secret';

export interface Key {
  id: string;
  kind: KeyKind;
  name: string;
}

export interface KeyRecord extends Key {
  createdAt: Date;
  revokedAt: Date | null;
}

export interface KeyStore {
  /**
   * The key that this is, or null. Answers at once for what was presented in the last 10 s. `beforeLook` is called
   * before the store is asked about something that is not known to be a key, and may throw to prevent it.
   */
  find(presented: string, beforeLook?: () => void): Key | null | Promise<Key | null>;
  create(options: { kind: KeyKind; name: string }, by: Actor): Promise<{ id: string; key: string }>;
  /** A new key of the same kind and name; the old one stays until it is revoked. Undefined when none is in use. */
  rotate(id: string, by: Actor): Promise<{ id: string; key: string; kind: KeyKind } | undefined>;
  /** Takes effect at once here, and within 10 s in other processes. Undefined when none is in use. */
  revoke(id: string, by: Actor): Promise<{ kind: KeyKind } | undefined>;
  list(): Promise<KeyRecord[]>;
}

export interface KeyOptions {
  db: Db;
  clock: Clock;
  /** `SOJOURN_WRITE_KEY`: a server key. */
  writeKey?: string;
  /** `SOJOURN_SECRET_KEY`: a secret key. */
  secretKey?: string;
}

const cachedForMs = 10_000;
const cacheSize = 10_000;
const prefixes: Record<KeyKind, string> = { browser: 'bk', server: 'wk', secret: 'sk' };
const wellFormed = /^[\x21-\x7e]{8,256}$/;

function hashOf(key: string): Buffer {
  return hashAtOnce('sha256', key, 'buffer');
}

export function createKeys({ db, clock, writeKey, secretKey }: KeyOptions): KeyStore {
  const given: { hash: Buffer; key: Key }[] = [];
  if (writeKey)
    given.push({ hash: hashOf(writeKey), key: { id: 'env-write', kind: 'server', name: 'SOJOURN_WRITE_KEY' } });
  if (secretKey) {
    given.push({ hash: hashOf(secretKey), key: { id: 'env-secret', kind: 'secret', name: 'SOJOURN_SECRET_KEY' } });
  }
  /** Those that were found are not pushed out by those that were guessed. */
  const cache = new Map<string, { key: Key; until: number }>();
  const unknown = new Map<string, number>();

  async function look(hash: string): Promise<Key | null> {
    const row = await db
      .selectFrom('api_keys')
      .select(['id', 'kind', 'name'])
      .where('hash', '=', hash)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    const until = Date.now() + cachedForMs;
    if (row) {
      if (cache.size >= cacheSize) cache.clear();
      cache.set(hash, { key: row, until });
      return row;
    }
    cache.delete(hash);
    if (unknown.size >= cacheSize) unknown.delete(unknown.keys().next().value!);
    unknown.set(hash, until);
    return null;
  }

  /** `after`: the key whose place it is to take. */
  async function create(
    { kind, name, after }: { kind: KeyKind; name: string; after?: string },
    by: Actor,
  ): Promise<{ id: string; key: string }> {
    const id = `key_${randomBytes(6).toString('hex')}`;
    const key = `${prefixes[kind]}_${randomBytes(24).toString('base64url')}`;
    const hash = hashOf(key).toString('hex');
    await inTransaction(db, async (tx) => {
      await tx
        .insertInto('api_keys')
        .values({ id, kind, name, hash, created_at: new Date(clock.now()) })
        .execute();
      const about = { kind, name, ...(after !== undefined && { after }) };
      await recordChange(tx, clock, by, { kind: 'key', subject: id, from: null, to: 'valid', about });
    });
    unknown.delete(hash);
    return { id, key };
  }

  return {
    find(presented, beforeLook) {
      if (!wellFormed.test(presented)) return null;
      const hash = hashOf(presented);
      for (const one of given) if (timingSafeEqual(one.hash, hash)) return one.key;
      const hex = hash.toString('hex');
      const cached = cache.get(hex);
      if (cached && cached.until > Date.now()) return cached.key;
      if ((unknown.get(hex) ?? 0) > Date.now()) return null;
      if (!cached) beforeLook?.();
      return look(hex);
    },
    create: ({ kind, name }, by) => create({ kind, name }, by),
    async rotate(id, by) {
      const row = await db
        .selectFrom('api_keys')
        .select(['kind', 'name'])
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return row && { ...(await create({ ...row, after: id }, by)), kind: row.kind };
    },
    async revoke(id, by) {
      const row = await inTransaction(db, async (tx) => {
        const revoked = await tx
          .updateTable('api_keys')
          .set({ revoked_at: new Date(clock.now()) })
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .returning(['hash', 'kind', 'name'])
          .executeTakeFirst();
        if (!revoked) return undefined;
        const about = { kind: revoked.kind, name: revoked.name };
        await recordChange(tx, clock, by, { kind: 'key', subject: id, from: 'valid', to: 'revoked', about });
        return revoked;
      });
      if (row) cache.delete(row.hash);
      return row && { kind: row.kind };
    },
    async list() {
      const rows = await db.selectFrom('api_keys').selectAll().orderBy('created_at').orderBy('id').execute();
      return rows.map(({ id, kind, name, created_at, revoked_at }) => ({
        id,
        kind,
        name,
        createdAt: created_at,
        revokedAt: revoked_at,
      }));
    },
  };
}

/** What a site's server gives its page, so that a browser key may name this user: HMAC-SHA256, base64url. */
export function signUserId(signingKey: string, userId: string): string {
  return createHmac('sha256', signingKey).update(`user-id:${userId}`).digest('base64url');
}

export function isSignedUserId(signingKey: string, userId: string, signature: string): boolean {
  return timingSafeEqual(hashOf(signUserId(signingKey, userId)), hashOf(signature));
}
