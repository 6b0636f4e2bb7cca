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
    ), ${inTime(request)}, sample as materialized (
      select id, holdout, counted, compared, open, outcome is not distinct from 'converted' or coalesce(min(first)
        over (partition by person_id, goal order by started_at, trigger, id rows between current row and unbounded following)
        <= until, false) as goal
      from entered cross join lateral (${firstAfterStart}) f
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

/** The chosen runs with their time to reach the goal, and where the next run of the same person and goal begins. */
const inTime = (request: ResultsRequest) => sql`begun as materialized (
      select r.id, person_id, holdout, counted, compared, outcome, started_at, r.header -> 'goal' as goal,
        coalesce(trigger_event_id, ${noEvent}::bigint) as trigger,
        started_at + make_interval(secs => (r.header -> 'goal' ->> 'withinMs')::float8 / 1000) as until
      from chosen join sojourn.runs r using (id)
    ), entered as materialized (
      select id, person_id, holdout, counted, compared and until <= ${new Date(request.now)} as compared, outcome,
        started_at, goal, trigger, until, until > ${new Date(request.now)} as open,
        lead(started_at) over own as next, lead(trigger) over own as "nextTrigger"
      from begun window own as (partition by person_id, goal order by started_at, trigger, id)
    )`;

/** As a trigger: nothing of the same time came after it. */
const noEvent = '9223372036854775807';

/**
 * The first time after a run's start and by the next one's that its person did what its goal says; what came later is the
 * next one's first, so that no event is read for two runs. As decide judges it, of the header that the run has: the
 * event's name and properties, accepted after the trigger and by the end of the time; of the person, under any id that
 * leads to it.
 */
const firstAfterStart = sql`select min(e.accepted_at) as first from (
        select entered.person_id as id
        union all select p.id from sojourn.people p where p.merged_into = entered.person_id
      ) who cross join lateral (
        select accepted_at from sojourn.events
        where person_id = who.id and name = goal ->> 'event'
          and accepted_at >= started_at and accepted_at <= least(until, next)
          and (accepted_at > started_at or events.id > trigger)
          and (next is null or accepted_at < next or events.id <= "nextTrigger")
          and properties @> coalesce(goal -> 'where', '{}')
        order by accepted_at limit 1
      ) e`;
