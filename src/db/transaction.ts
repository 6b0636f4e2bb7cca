/** Several writes of which all are there, or none. */
import type { Db, Tx } from './open';

/** At READ COMMITTED, whatever the server's default: a statement that waited for a lock sees what was written meanwhile. */
export function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('read committed').execute(work);
}
