/**
 * Takes what Temporal was told off the queue, for as many runs as come together in one statement. A run whose lease has
 * gone to somebody else meanwhile is left as it is: its fence is no longer the row's.
 */
import { sql } from 'kysely';
import { gathered, type Db } from '../db';

export interface Done {
  runId: string;
  fence: string;
  /** Numbers of the deliveries that are done. */
  done: string[];
  /** The version of the run's row in `dispatch` when these were all that it was to be told; none if more was left. */
  version?: string;
  /** Temporal's id of the run, where that was started. */
  startedAs?: string;
}

/** Runs in one statement. */
const atMost = 200;

/** Resolves with whether the lease was still held. */
export function createSettler(db: Db): (done: Done) => Promise<boolean> {
  return gathered(async (all: Done[]) => {
    const held = await settle(db, all);
    return all.map((one) => held.has(leaseOf(one)));
  }, atMost);
}

const leaseOf = ({ runId, fence }: Pick<Done, 'runId' | 'fence'>) => `${runId} ${fence}`;

/**
 * Resolves with the leases that were still held.
 *
 * Whether a run was told everything, its row in `dispatch` says by itself: enqueuing, by whichever release of this code,
 * writes the row anew, and so under another `xmin`. A look into `deliveries` would miss what is committed while this
 * waits for the row, as PostgreSQL then reads the row again, and nothing else. A row that was written anew is given free
 * at once, so that what came meanwhile does not wait for the lease to run out.
 *
 * Deciding locks rows of `dispatch` in the order of their runs, and may hold rows of `runs` then. So this takes all of the
 * former first, in the same order, and waits for none of the latter: a run's first call says what was skipped.
 */
async function settle(db: Db, all: Done[]): Promise<Set<string>> {
  const inOrder = all.toSorted((a, b) => (BigInt(a.runId) < BigInt(b.runId) ? -1 : 1));
  const { rows } = await sql<{ runId: string; fence: string }>`
    with held as materialized (
      select d.run_id, d.fence, x.done, x."startedAs", coalesce(d.version = x.version, false) as over
      from jsonb_to_recordset(${JSON.stringify(inOrder)}::jsonb)
        as x ("runId" bigint, fence bigint, done jsonb, version xid, "startedAs" text)
      cross join lateral (
        select run_id, fence, xmin as version from sojourn.dispatch
        where run_id = x."runId" and fence = x.fence for update
      ) as d
    ), told as (
      delete from sojourn.deliveries
      where number = any(array(select jsonb_array_elements_text(done)::bigint from held))
    ), over as (
      delete from sojourn.dispatch where run_id = any(array(select run_id from held where over))
    ), given_free as (
      update sojourn.dispatch set lease_until = null, attempts = 0
      where run_id = any(array(select run_id from held where not over))
    ), started as (
      select r.id, s.run from unnest(array(select run_id from held where "startedAs" is not null),
        array(select "startedAs" from held where "startedAs" is not null)) as s (id, run)
      cross join lateral (
        select id from sojourn.runs where id = s.id and temporal_run_id is null for no key update skip locked
      ) as r
    ), named as (
      update sojourn.runs r set temporal_run_id = (select run from started where id = r.id)
      where r.id = any(array(select id from started))
    )
    select run_id as "runId", fence from held`.execute(db);
  return new Set(rows.map(leaseOf));
}
