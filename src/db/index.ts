export { openDatabase, type Db, type Tx } from './open';
export { ensureEventPartitions, migrate, pendingMigrations } from './migrate';
export type { Database, SendState } from './schema';
export { lockPeople, type LockedPerson } from './person-lock';
export { chunksOf } from './chunks';
export { nextNumbers } from './numbers';
export { isUnsettled } from './pending';
export { gathered, gathering } from './gather';
export { storable } from './storable';
