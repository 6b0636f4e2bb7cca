/** The traces that led to a run, as they are kept with its events: where the spans of what it is told and does belong. */
import { sql } from 'kysely';
import type { Db } from '../db';
import { traceKey } from '../observe';

export interface RunTraces {
  /** The traceparent of what started the run. */
  parent?: string;
  /** That of what it heard last. */
  heard?: string;
}

export async function tracesOfRun(db: Db, runId: string): Promise<RunTraces> {
  const { rows } = await sql<{ parent: string | null; heard: string | null }>`
    select (
      select e.context ->> ${traceKey} from sojourn.events e
      where e.person_id = r.person_id and e.accepted_at = r.started_at and e.id = r.trigger_event_id
    ) as parent, (
      select e.context ->> ${traceKey} from sojourn.decisions d
      join sojourn.events e on e.id = d.event_id and e.person_id = d.person_id and e.accepted_at >= r.started_at
      where d.person_id = r.person_id and d.run_id = r.id and d.verdict = 'heard'
      order by d.number desc limit 1
    ) as heard
    from sojourn.runs r where r.id = ${runId}`.execute(db);
  return { parent: rows[0]?.parent ?? undefined, heard: rows[0]?.heard ?? undefined };
}

/** Of these events of one person, those that have a trace: their traceparents. */
export async function tracesOfEvents(
  db: Db,
  personId: string,
  events: { id: string; acceptedAt: number }[],
): Promise<string[]> {
  if (events.length === 0) return [];
  const { rows } = await sql<{ trace: string }>`
    select e.context ->> ${traceKey} as trace
    from jsonb_to_recordset(${JSON.stringify(events.map(({ id, acceptedAt }) => ({ id, at: new Date(acceptedAt) })))}::jsonb)
      as x (id bigint, at timestamptz)
    join sojourn.events e on e.person_id = ${personId} and e.accepted_at = x.at and e.id = x.id
    where e.context ->> ${traceKey} is not null order by e.id`.execute(db);
  return rows.map(({ trace }) => trace);
}
