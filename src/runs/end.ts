/**
 * Ends live runs: the one place where a row of `runs` stops being live. The caller holds the person's lock and has
 * taken the number there, so that no attempt of the run has a higher one (P5).
 */
import { sql } from 'kysely';
import { nextNumbers, withPeopleLocked, type Db, type Tx } from '../db';
import type { Ending } from '../journey';

export interface RunEnd {
  runId: string;
  ending: Ending;
  number: number;
}

/** Returns the ids of those that were live until now; the others had ended already, and stay as they ended. */
export async function endRuns(tx: Tx, ends: RunEnd[]): Promise<Set<string>> {
  if (ends.length === 0) return new Set();
  const rows = ends.map(({ runId, ending, number }) => ({
    id: runId,
    outcome: ending.outcome,
    reason: ending.reason ?? null,
    at: new Date(ending.at).toISOString(),
    number,
  }));
  const ended = await sql<{ id: string }>`
    update sojourn.runs r set state = 'ended', outcome = x.outcome, reason = x.reason, ended_at = x.at,
      end_number = x.number
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as x (id bigint, outcome text, reason text, at timestamptz, number bigint)
    where r.id = x.id and r.state = 'live' returning r.id`.execute(tx);
  return new Set(ended.rows.map((row) => row.id));
}

/**
 * Ends one live run in a transaction of its own, in the order that P5 rests on: lock, number, and only then the row.
 * `also` joins the transaction when the run was live until now. False if it was not.
 */
export async function endLiveRun(
  db: Db,
  { personId, runId, ending }: { personId: string; runId: string; ending: Ending },
  also?: (tx: Tx, number: number) => Promise<void>,
): Promise<boolean> {
  return withPeopleLocked(db, [personId], async (tx) => {
    const [number = 0] = await nextNumbers(tx, 1);
    const ended = await endRuns(tx, [{ runId, ending, number }]);
    if (ended.has(runId)) await also?.(tx, number);
    return ended.has(runId);
  });
}
