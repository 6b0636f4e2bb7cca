/**
 * What every call of a run begins with: its trace is written down, the person's pending events are decided, and the
 * answer says whether the run's row is still live under its number.
 */
import { sql } from 'kysely';
import { isUnsettled, type Db } from '../../db';
import type { Answer, Carried, Outcome, Waiting } from '../../journey';

/** Which execution calls, and on which code. */
export interface Caller {
  version: string;
  temporalRunId: string;
}

export interface CarriedRun {
  personId: string;
  /** When the person was last active, by all that is decided; the stack's ms. */
  lastSeenAt?: number;
  status: Pick<Answer<never>, 'ended' | 'stale'>;
}

interface Row {
  state: 'live' | 'ended';
  number: string;
  outcome: Outcome | null;
  reason: string | null;
  ended_at: Date | null;
  person_id: string;
  last_seen_at: Date | null;
  unsettled: boolean;
}

/** `settle` decides what is pending for a person; `waiting` is what the run will wait for now. */
export async function carry(
  db: Db,
  settle: (personId: string) => Promise<unknown>,
  caller: Caller,
  carried: Carried,
  waiting?: Waiting,
): Promise<CarriedRun> {
  const row = await writeAndRead(db, caller, carried, waiting);
  if (!row) return { personId: carried.run.personId, status: { stale: true } };
  if (!row.unsettled) return carriedRun(row, carried);
  await settle(row.person_id);
  return carriedRun((await writeAndRead(db, caller, { ...carried, steps: [] })) ?? row, carried);
}

function carriedRun(row: Row, carried: Carried): CarriedRun {
  return { personId: row.person_id, lastSeenAt: row.last_seen_at?.getTime(), status: statusOf(row, carried) };
}

function statusOf(row: Row, { run }: Carried): CarriedRun['status'] {
  if (Number(row.number) !== run.number) return { stale: true };
  if (row.state === 'live' || row.outcome === null || row.ended_at === null) return {};
  return { ended: { outcome: row.outcome, reason: row.reason ?? undefined, at: row.ended_at.getTime() } };
}

async function writeAndRead(
  db: Db,
  caller: Caller,
  { run, position, steps }: Carried,
  waiting?: Waiting,
): Promise<Row | undefined> {
  const rows = steps.map((step, index) => ({
    position: position + index,
    at: new Date(step.at).toISOString(),
    step: step.step,
    result: step.result,
    why: step.why ?? null,
  }));
  // What is waited for is over once the trace has gone on: a step at this position.
  const wait = waiting && JSON.stringify({ ...waiting, position: position + steps.length });
  const { rows: found } = await sql<Row>`
    with called as (
      select id, person_id from sojourn.runs where id = ${run.id} and number = ${run.number}
    ), traced as (
      insert into sojourn.run_steps (run_id, position, at, step, result, why)
      select called.id, x.position, x.at, x.step, x.result, x.why
      from called, jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as x (position int, at timestamptz, step text, result text, why jsonb)
      on conflict (run_id, position) do nothing
    ), seen as (
      update sojourn.runs r set version = ${caller.version}, temporal_run_id = ${caller.temporalRunId},
        waiting = coalesce(${wait ?? null}::jsonb, r.waiting)
      from called where r.id = called.id
        and (r.version is distinct from ${caller.version} or r.temporal_run_id is distinct from ${caller.temporalRunId}
          or ${wait ?? null}::jsonb is not null)
    )
    select r.state, r.number, r.outcome, r.reason, r.ended_at, r.person_id,
      (select last_seen_at from sojourn.people where id = r.person_id), ${isUnsettled(sql.ref('r.person_id'))} as unsettled
    from sojourn.runs r where r.id = ${run.id}`.execute(db);
  return found[0];
}
