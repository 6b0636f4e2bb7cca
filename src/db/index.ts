export { openDatabase, type Db, type Tx } from './open';
export { ensureEventPartitions, migrate, pendingMigrations } from './migrate';
export type { Database, SendState } from './schema';
export { withPeopleLocked, type LockedPerson } from './person-lock';
export { chunksOf } from './chunks';
export { nextNumbers } from './numbers';
export { inTransaction } from './transaction';
export { isUnsettled } from './pending';
export { gathered, gathering } from './gather';
