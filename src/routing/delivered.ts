/**
 * Takes what Temporal was told off the queue, for as many runs as come together in one transaction. A run whose lease
 * has gone to somebody else meanwhile is left as it is: its fence is no longer the row's.
 */
import { sql } from 'kysely';
import { gathered, inTransaction, type Db } from '../db';

export interface Done {
  runId: string;
  fence: string;
  /** Numbers of the deliveries that are done. */
  done: string[];
}

/** Runs in one transaction. */
const atMost = 200;

/** Resolves with whether the lease was still held. */
export function createSettler(db: Db): (done: Done) => Promise<boolean> {
  return gathered(async (all: Done[]) => {
    const held = await settle(db, all);
    return all.map((one) => held.has(leaseOf(one)));
  }, atMost);
}

const leaseOf = ({ runId, fence }: Pick<Done, 'runId' | 'fence'>) => `${runId} ${fence}`;

/** The leases that were still held. */
async function settle(db: Db, all: Done[]): Promise<Set<string>> {
  return inTransaction(db, async (tx) => {
    // In the order in which deciding touches these rows, too, so that two that share some wait in one direction only.
    const { rows } = await sql<{ runId: string; fence: string }>`
      select d.run_id as "runId", d.fence from sojourn.dispatch d
      join unnest(${all.map(({ runId }) => runId)}::bigint[], ${all.map(({ fence }) => fence)}::bigint[])
        as x (run_id, fence) on d.run_id = x.run_id and d.fence = x.fence
      order by d.run_id for update of d`.execute(tx);
    const held = rows.map(({ runId }) => runId);
    const isHeld = new Set(rows.map(leaseOf));
    if (held.length === 0) return isHeld;
    const done = all.flatMap((one) => (isHeld.has(leaseOf(one)) ? one.done : []));
    await sql`delete from sojourn.deliveries where number = any(${done}::bigint[])`.execute(tx);
    // A statement of its own: it must see deliveries that were committed while this one waited for the rows.
    const over = await sql<{ run_id: string }>`
      delete from sojourn.dispatch d where run_id = any(${held}::bigint[])
        and not exists (select 1 from sojourn.deliveries r where r.run_id = d.run_id) returning run_id`.execute(tx);
    if (over.rows.length === held.length) return isHeld;
    await sql`update sojourn.dispatch set lease_until = null, attempts = 0
      where run_id = any(${held}::bigint[])`.execute(tx);
    return isHeld;
  });
}
