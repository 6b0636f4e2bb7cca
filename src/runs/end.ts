/**
 * Ends live runs: the one place where a row of `runs` stops being live. The caller holds the person's lock and has
 * taken the number there, so that no attempt of the run has a higher one (P5).
 */
import { sql } from 'kysely';
import type { Tx } from '../db';
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

export async function endRun(tx: Tx, end: RunEnd): Promise<boolean> {
  return (await endRuns(tx, [end])).has(end.runId);
}
