/**
 * How many of a journey's runs reached its goal: all, who was held out, and each variant. A run may reach it until
 * `start + within`, also after it has ended, so a comparison is of runs whose time is over.
 */
import { sql } from 'kysely';
import type { Db } from '../db';
import { sampleOf, type ResultsRequest } from './run-sample';

export interface Variant {
  experiment: string;
  variant: string;
  runs: number;
  goals: number;
  rate: number;
  /** Of `runs`, those that may still reach the goal. */
  stillOpen: number;
  /** The newest whose time is over: what may be compared. */
  settled: { runs: number; goals: number };
}

export interface Goals {
  entered: number;
  goals: number;
  stillOpen: number;
  variants: Variant[];
}

interface GroupRow {
  kind: 'all' | 'holdout' | 'experiment';
  experiment: string;
  variant: string;
  runs: number;
  goals: number;
  stillOpen: number;
  settledRuns: number;
  settledGoals: number;
}

const variantsAtMost = 1_000;

export async function readGoals(db: Db, request: ResultsRequest): Promise<Goals> {
  const { rows } = await sql<GroupRow>`
    with chosen as (
      select id, bool_or(counted) as counted, bool_or(compared) as compared from (
        select id, true as counted, false as compared from (${sampleOf(request)}) newest
        union all select id, false, true from (${settledOf(request)}) settled
      ) either group by id
    ), sample as materialized (
      select r.id, holdout, counted, compared and until <= ${new Date(request.now)} as compared,
        until > ${new Date(request.now)} as open, ${reachedGoal} as goal
      from chosen join sojourn.runs r using (id) cross join lateral (select r.header -> 'goal' as header) goal
        cross join lateral (
          select r.started_at + make_interval(secs => (goal.header ->> 'withinMs')::float8 / 1000) as until
        ) time
    ), member as (
      select 'all' as kind, '' as experiment, '' as variant, sample.* from sample
      union all
      select 'holdout', 'holdout', case when holdout then 'held out' else 'messaged' end, sample.* from sample
      union all
      select distinct 'experiment', substr(step, ${'experiment '.length + 1}::int), result, sample.* from sample
        join sojourn.run_steps on run_id = id and step like 'experiment %' and result <> 'ended'
    )
    select kind, experiment, variant, count(*) filter (where counted)::int as runs,
      count(*) filter (where counted and goal)::int as goals,
      count(*) filter (where counted and open)::int as "stillOpen",
      count(*) filter (where compared)::int as "settledRuns",
      count(*) filter (where compared and goal)::int as "settledGoals"
    from member group by 1, 2, 3 order by kind = 'experiment', 4 desc limit ${variantsAtMost}`.execute(db);
  const all = rows.find(({ kind }) => kind === 'all');
  const variants = rows.filter(({ kind }) => kind === 'experiment').map(variantOf);
  variants.sort((a, b) => (`${a.experiment}/${a.variant}` < `${b.experiment}/${b.variant}` ? -1 : 1));
  const heldOut = ['held out', 'messaged'].map((variant) => {
    const row = rows.find((row) => row.kind === 'holdout' && row.variant === variant);
    return variantOf({ ...(row ?? none), experiment: 'holdout', variant });
  });
  return {
    ...{ entered: all?.runs ?? 0, goals: all?.goals ?? 0, stillOpen: all?.stillOpen ?? 0 },
    variants: [...(request.hasHoldout ? heldOut : []), ...variants],
  };
}

const none = { runs: 0, goals: 0, stillOpen: 0, settledRuns: 0, settledGoals: 0 };

const variantOf = ({
  experiment,
  variant,
  runs,
  goals,
  stillOpen,
  settledRuns,
  settledGoals,
}: Omit<GroupRow, 'kind'>) => ({
  ...{ experiment, variant, runs, goals, stillOpen },
  rate: runs === 0 ? 0 : goals / runs,
  settled: { runs: settledRuns, goals: settledGoals },
});

const settledOf = (request: ResultsRequest) =>
  request.goalWithinMs === undefined
    ? sql`select null::bigint as id where false`
    : sql`select id from (${sampleOf(request, { until: request.now - request.goalWithinMs })}) settled`;

/**
 * As decide judges it, of the header that the run has: the event's name and properties, accepted after the trigger and
 * by the end of the time; of the person, under any id that leads to it.
 */
const reachedGoal = sql`(r.outcome is not distinct from 'converted' or exists (
  select from (
    select r.person_id as id union all select p.id from sojourn.people p where p.merged_into = r.person_id
  ) who join sojourn.events e on e.person_id = who.id
  where e.name = goal.header ->> 'event' and e.accepted_at >= r.started_at and e.accepted_at <= until
    and (e.accepted_at > r.started_at or e.id > r.trigger_event_id)
    and e.properties @> coalesce(goal.header -> 'where', '{}')))`;
