/** Bundles in the store, by version, so that any worker process can go on with the runs of older code. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Db } from '../../db';

export interface Bundle {
  /** A hash of the code. */
  version: string;
  code: string;
}

/** Keeps a bundle; one that is kept already stays as it is. `now`: the stack's ms. */
export async function putBundle(db: Db, { version, code }: Bundle, now: number): Promise<void> {
  await db
    .insertInto('bundles')
    .values({ version, code: gzipSync(code), created_at: new Date(now) })
    .onConflict((conflict) => conflict.column('version').doNothing())
    .execute();
}

export async function getBundle(db: Db, version: string): Promise<Bundle | undefined> {
  const row = await db.selectFrom('bundles').select('code').where('version', '=', version).executeTakeFirst();
  return row && { version, code: gunzipSync(row.code).toString('utf8') };
}
