/** Runs, their steps and the verdicts about them, as the API and the pages show them. Reads only. */
import { sql } from 'kysely';
import type { Db } from '../db';
import { personOnly, type HeaderData, type JourneyEvent, type Outcome } from '../journey';

/** What tells a run from others of its journey and person: the property that its header's `key` names, and its value. */
export interface Keyed {
  by: string;
  value: string;
}

/** Of `runs`; null where there is one live run per person. */
export const keyedColumn = sql<Keyed | null>`case when runs.header ->> 'key' <> ${sql.lit(personOnly)}
  then jsonb_build_object('by', runs.header ->> 'key', 'value', runs.key) end`.as('keyed');

export interface RunView {
  id: string;
  journey: string;
  personId: string;
  userId: string | null;
  key: string;
  keyed: Keyed | null;
  workflowId: string;
  temporalRunId: string | null;
  number: string;
  state: 'live' | 'ended';
  outcome: Outcome | null;
  reason: string | null;
  holdout: boolean;
  mode: string;
  version: string | null;
  heard: number;
  /** What a live run waits for, and until when (stack's ms). Null while it does something. */
  waiting: { step: string; until?: number } | null;
  startedAt: Date;
  endedAt: Date | null;
}

export interface StepView {
  position: number;
  at: Date;
  step: string;
  result: string;
  why: Record<string, unknown> | null;
}

export interface RunDetail extends RunView {
  trigger: JourneyEvent;
  header: HeaderData;
  steps: StepView[];
}

export interface RunFilter {
  journey?: string;
  personIds?: string[];
  state?: 'live' | 'ended';
  /** The id of the last run of the page before. */
  before?: string;
  limit: number;
}

function selectRuns(db: Db) {
  return db
    .selectFrom('runs')
    .leftJoin('people', 'people.id', 'runs.person_id')
    .select([
      'runs.id',
      'runs.journey',
      'runs.person_id as personId',
      'people.user_id as userId',
      'runs.key',
      keyedColumn,
      'runs.workflow_id as workflowId',
      'runs.temporal_run_id as temporalRunId',
      'runs.number',
      'runs.state',
      'runs.outcome',
      'runs.reason',
      'runs.holdout',
      'runs.mode',
      'runs.version',
      'runs.heard',
      sql<RunView['waiting']>`case when runs.state = 'live' and not exists (
        select 1 from sojourn.run_steps s where s.run_id = runs.id and s.position >= (runs.waiting ->> 'position')::int
      ) then runs.waiting end`.as('waiting'),
      'runs.started_at as startedAt',
      'runs.ended_at as endedAt',
    ]);
}

/** Of a run that never ends; its newest are read. */
const stepsAtMost = 1_000;

/** Newest first. Each list that an index holds in this order is read no further than the page. */
export async function listRuns(db: Db, filter: RunFilter): Promise<RunView[]> {
  const { journey, personIds, state, before, limit } = filter;
  const query = selectRuns(db).orderBy('runs.id', 'desc').limit(limit);
  const below = before === undefined ? sql`` : sql`and id < ${before}::bigint`;
  const states = state === undefined ? ['live', 'ended'] : [state];
  if (personIds !== undefined) {
    const of = journey === undefined ? sql`` : sql`and journey = ${journey}`;
    const page = sql`(
      select r.id from unnest(${personIds}::bigint[]) p (id) cross join unnest(${states}::text[]) s (state)
      cross join lateral (
        select id from sojourn.runs where person_id = p.id and state = s.state ${of} ${below}
        order by id desc limit ${limit}
      ) r order by r.id desc limit ${limit})`;
    return query.where(sql<boolean>`runs.id in ${page}`).execute();
  }
  if (journey === undefined && state === undefined) {
    return before === undefined ? query.execute() : query.where('runs.id', '<', before).execute();
  }
  const journeys = journey === undefined ? sql`select id from sojourn.journeys` : sql`select ${journey}::text as id`;
  const page = sql`(
    select r.id from (${journeys}) j cross join unnest(${states}::text[]) s (state) cross join lateral (
      select id from sojourn.runs where journey = j.id and state = s.state ${below} order by id desc limit ${limit}
    ) r order by r.id desc limit ${limit})`;
  return query.where(sql<boolean>`runs.id in ${page}`).execute();
}

export async function readRun(db: Db, id: string): Promise<RunDetail | undefined> {
  const [run, steps] = await Promise.all([
    selectRuns(db).select(['runs.trigger', 'runs.header']).where('runs.id', '=', id).executeTakeFirst(),
    db
      .selectFrom('run_steps')
      .select(['position', 'at', 'step', 'result', 'why'])
      .where('run_id', '=', id)
      .orderBy('position', 'desc')
      .limit(stepsAtMost)
      .execute(),
  ]);
  return run && { ...run, steps: steps.reverse() };
}

/** Of these runs, those that are told apart by more than their journey and person. */
export async function keysOfRuns(db: Db, ids: readonly string[]): Promise<Map<string, Keyed>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('runs').select(['id', keyedColumn]).where('id', 'in', ids).execute();
  return new Map(rows.flatMap(({ id, keyed }) => (keyed ? [[id, keyed] as const] : [])));
}

export interface RunCount {
  journey: string;
  state: 'live' | 'ended';
  outcome: Outcome | null;
  holdout: boolean;
  /** Of live runs only. */
  version: string | null;
  count: number;
}

/** How many runs there are by state, outcome, holdout and version; of one journey or of all. */
export async function countRuns(db: Db, journey?: string): Promise<RunCount[]> {
  const of = journey === undefined ? sql`` : sql`and journey = ${journey}`;
  // Of ended runs an index tells all; the version, which it lacks, is of interest while a run is live.
  const { rows } = await sql<RunCount>`
    select journey, state, outcome, holdout, null as version, count(*)::int as count from sojourn.runs
    where state = 'ended' ${of} group by journey, state, outcome, holdout
    union all
    select journey, state, outcome, holdout, version, count(*)::int from sojourn.runs
    where state = 'live' ${of} group by journey, state, outcome, holdout, version`.execute(db);
  return rows;
}

/** A place in a list ordered by time; `id` and `sub` tell rows of one time apart. */
interface Before {
  at: Date;
  id: string;
  sub?: number;
}

export interface RunMoment {
  at: Date;
  id: string;
  journey: string;
  outcome: Outcome | null;
  reason: string | null;
  holdout: boolean;
  mode: string;
}

/** The starts, or the ends, of these people's runs before a place, newest first. */
export async function runMomentsBefore(
  db: Db,
  moment: 'started' | 'ended',
  personIds: string[],
  { at, id }: Before,
  limit: number,
): Promise<RunMoment[]> {
  const column = sql.ref(moment === 'started' ? 'started_at' : 'ended_at');
  const ended = moment === 'ended' ? sql`and state = 'ended'` : sql``;
  const { rows } = await sql<RunMoment>`
    select r.* from unnest(${personIds}::bigint[]) as p (id) cross join lateral (
      select ${column} as at, id, journey, outcome, reason, holdout, mode from sojourn.runs
      where person_id = p.id ${ended} and (${column}, id) < (${at}, ${id}::bigint)
      order by ${column} desc, id desc limit ${limit}
    ) r order by r.at desc, r.id desc limit ${limit}`.execute(db);
  return rows;
}

export interface StepMoment extends StepView {
  runId: string;
  journey: string;
}

/** Of one person, those that a page of steps is looked for in; live ones besides. */
const runsLookedAt = 1_000;

/**
 * The steps of these people's runs before a place, newest first. Looked for in the newest runs that had begun by then,
 * of each no further than the page: neither a person's years nor a run's nor everybody else's make a page slower.
 */
export async function stepsBefore(
  db: Db,
  personIds: string[],
  { at, id, sub = 0 }: Before,
  limit: number,
): Promise<StepMoment[]> {
  const { rows } = await sql<StepMoment>`
    with begun as (
      select r.id, r.journey from unnest(${personIds}::bigint[]) as p (id) cross join lateral (
        select id, journey from sojourn.runs where person_id = p.id and started_at <= ${at}
        order by started_at desc limit ${runsLookedAt}
      ) r
      union
      select id, journey from sojourn.runs
      where person_id = any(${personIds}::bigint[]) and state = 'live' and started_at <= ${at}
    )
    select s.run_id as "runId", r.journey, s.position, s.at, s.step, s.result, s.why
    from begun r cross join lateral (
      select * from sojourn.run_steps
      where run_id = r.id and (at, run_id, position) < (${at}, ${id}::bigint, ${sub}::int)
      order by position desc limit ${limit}
    ) s order by s.at desc, s.run_id desc, s.position desc limit ${limit}`.execute(db);
  return rows;
}

export interface DecisionMoment {
  at: Date;
  number: string;
  eventId: string;
  journey: string;
  runId: string | null;
  verdict: 'entered' | 'refused' | 'heard' | 'ended' | 'deaf';
  reason: string | null;
  inputs: Record<string, unknown> | null;
}

/** Verdicts about these people before a place, newest first: by number, which is the order they were made in. */
export async function decisionsBefore(
  db: Db,
  personIds: string[],
  { at, id }: Before,
  limit: number,
): Promise<DecisionMoment[]> {
  const place = id === '0' ? sql`decided_at < ${at}` : sql`number < ${id}::bigint`;
  const { rows } = await sql<DecisionMoment>`
    select d.* from unnest(${personIds}::bigint[]) as p (id) cross join lateral (
      select decided_at as at, number, event_id as "eventId", journey, run_id as "runId", verdict, reason, inputs
      from sojourn.decisions where person_id = p.id and ${place} order by number desc limit ${limit}
    ) d order by d.number desc limit ${limit}`.execute(db);
  return rows;
}
