/**
 * Ends live runs: the one place where a row of `runs` stops being live. The caller holds the person's lock and has
 * taken the number there, or has it taken here, so that no attempt of the run has a higher one (P5).
 */
import { sql, type RawBuilder } from 'kysely';
import { statement, withPeopleLocked, type Db, type Names, type Tx } from '../db';
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

export interface OneEnd {
  runId: string;
  outcome: string;
  reason: string | null;
  at: Date;
}

/**
 * Ends one live run and takes the number for it, in one statement that must come after the person's lock, as one of its
 * own: whoever else ends, or attempts to send, takes its number under the same lock, so all that is committed by then has a
 * lower number and is seen, and all that comes later a higher one. `unless` may ask about `runs r`.
 */
export function endOfRun(
  { runId, outcome, reason, at }: Names<OneEnd>,
  { also, unless }: { also?: RawBuilder<unknown>; unless?: RawBuilder<unknown> } = {},
): RawBuilder<{ id: string; number: string }> {
  return sql`
    update sojourn.runs r set state = 'ended', outcome = ${outcome}, reason = ${reason}, ended_at = ${at},
      end_number = nextval('sojourn.number_seq') ${also ? sql`, ${also}` : sql``}
    where r.id = ${runId} and r.state = 'live' ${unless ? sql`and not (${unless})` : sql``}
    returning r.id, r.end_number as number`;
}

const endOne = statement<OneEnd, { id: string; number: string }>((end) => endOfRun(end));

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
    const { outcome, reason = null, at } = ending;
    const [ended] = await endOne(tx, { runId, outcome, reason, at: new Date(at) });
    if (ended) await also?.(tx, Number(ended.number));
    return ended !== undefined;
  });
}
