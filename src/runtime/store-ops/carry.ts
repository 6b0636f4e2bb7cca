/**
 * What every call of a run begins with: its trace is written down, the person's pending events are decided, and the
 * answer says whether the run's row is still live under its number. In one statement, unless something is pending or the
 * run is new to this code; it reads besides what the call itself wants to know, and writes only what there is to write.
 */
import { sql, type RawBuilder } from 'kysely';
import { isUnsettled, statement, type Db, type Names } from '../../db';
import type { Answer, Carried, Outcome, TraceStep, Waiting } from '../../journey';

/** Which execution calls, and on which code. */
export interface Caller {
  version: string;
  temporalRunId: string;
}

export interface Carrying {
  db: Db;
  /** Decides what is pending for a person. */
  settle: (personId: string) => Promise<unknown>;
  caller: Caller;
}

export type Status = Pick<Answer<never>, 'ended' | 'stale'>;

/** Without a row there is no such run. */
export interface CarriedRun<More> {
  row?: RunRow & More;
  status: Status;
}

export interface RunRow {
  state: 'live' | 'ended';
  number: string;
  outcome: Outcome | null;
  reason: string | null;
  ended_at: Date | null;
  version: string | null;
  temporal_run_id: string | null;
  person_id: string;
  /** When the person was last active, by all that is decided. */
  last_seen_at: Date | null;
  unsettled: boolean;
}

/** What a call reads besides, in the same statement: columns of `runs r`, of the person `p`, and of its own joins. */
export interface Besides {
  columns?: RawBuilder<unknown>;
  joins?: RawBuilder<unknown>;
}

/** What is asked for, if there is anything to ask for by value; and what the run will wait for now. */
export type Carry<Asked, More> = (
  parts: Carrying,
  carried: Carried,
  call: { asked: Asked; waiting?: Waiting },
) => Promise<CarriedRun<More>>;

interface Traced {
  runId: string;
  runNumber: number;
  steps: string;
}

interface Seen extends Traced, Caller {
  waiting: string | null;
}

/** The texts of one kind of call, which are made once. */
export function carrying<Asked extends object, More>(besides: (asked: Names<Asked>) => Besides): Carry<Asked, More> {
  const select = (runId: RawBuilder<string>, { columns, joins = sql`` }: Besides) => sql<RunRow & More>`
    select r.state, r.number, r.outcome, r.reason, r.ended_at, r.version, r.temporal_run_id, r.person_id, p.last_seen_at,
      ${isUnsettled(sql.ref('r.person_id'))} as unsettled${columns ? sql`, ${columns}` : sql``}
    from sojourn.runs r left join sojourn.people p on p.id = r.person_id ${joins} where r.id = ${runId}`;
  const traced = ({ runId, runNumber, steps }: Names<Traced>) => sql`
    called as (
      select id from sojourn.runs where id = ${runId} and number = ${runNumber}
    ), traced as (${insertSteps(sql.ref('called'), steps)}
    )`;
  const read = statement<Asked & Pick<Traced, 'runId'>, RunRow & More>((value) => select(value.runId, besides(value)));
  const trace = statement<Asked & Traced, RunRow & More>(
    (value) => sql`with ${traced(value)} ${select(value.runId, besides(value))}`,
  );
  const see = statement<Asked & Seen, RunRow & More>(
    (value) => sql`
    with ${traced(value)}, seen as (
      update sojourn.runs r set version = ${value.version}, temporal_run_id = ${value.temporalRunId},
        waiting = coalesce(${value.waiting}::jsonb, r.waiting)
      from called where r.id = called.id
        and (r.version is distinct from ${value.version} or r.temporal_run_id is distinct from ${value.temporalRunId}
          or ${value.waiting}::jsonb is not null)
    ) ${select(value.runId, besides(value))}`,
  );

  async function ask({ db, caller }: Carrying, carried: Carried, asked: Asked, waiting?: Waiting) {
    const { run, position, steps } = carried;
    const values = { ...asked, runId: run.id, runNumber: run.number, steps: stepRows(carried) };
    const seen = async (wait: string | null) => (await see(db, { ...values, ...caller, waiting: wait }))[0];
    // What is waited for is over once the trace has gone on: a step at this position.
    if (waiting) return seen(JSON.stringify({ ...waiting, position: position + steps.length }));
    const [row] = steps.length > 0 ? await trace(db, values) : await read(db, values);
    if (!row || Number(row.number) !== run.number) return row;
    const known = row.version === caller.version && row.temporal_run_id === caller.temporalRunId;
    return known ? row : seen(null);
  }

  return async (parts, carried, { asked, waiting }) => {
    const row = await ask(parts, carried, asked, waiting);
    if (!row) return { status: { stale: true } };
    if (!row.unsettled) return { row, status: statusOf(row, carried) };
    await parts.settle(row.person_id);
    const settled = (await ask(parts, { ...carried, steps: [] }, asked)) ?? row;
    return { row: settled, status: statusOf(settled, carried) };
  };
}

/** Of a call that wants to know nothing besides. */
export const carry = carrying<object, object>(() => ({}));

function statusOf(row: RunRow, { run }: Carried): Status {
  if (Number(row.number) !== run.number) return { stale: true };
  if (row.state === 'live' || row.outcome === null || row.ended_at === null) return {};
  return { ended: { outcome: row.outcome, reason: row.reason ?? undefined, at: row.ended_at.getTime() } };
}

/** Writes these steps, as `stepRows` has them, for the run that `run` has the `id` of; told again, they stay as they are. */
export function insertSteps(run: RawBuilder<unknown>, steps: RawBuilder<string>): RawBuilder<unknown> {
  return sql`
    insert into sojourn.run_steps (run_id, position, at, step, result, why)
    select ${run}.id, x.position, x.at, x.step, x.result, x.why
    from ${run}, jsonb_to_recordset(${steps}::jsonb)
      as x (position int, at timestamptz, step text, result text, why jsonb)
    on conflict (run_id, position) do nothing`;
}

export function stepRows({ position, steps }: Pick<Carried, 'position' | 'steps'>): string {
  const rows = steps.map(({ at, step, result, why }: TraceStep, index) => ({
    position: position + index,
    at: new Date(at).toISOString(),
    step,
    result,
    why: why ?? null,
  }));
  return JSON.stringify(rows);
}
