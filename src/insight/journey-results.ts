/**
 * What became of those who entered a journey lately: its funnel, its variants, where people are now, and why others did
 * not enter. Read from the newest runs up to a bound, by index, and it says when that cut something off.
 */
import { sql } from 'kysely';
import type { Db, SendState } from '../db';
import { readGoals, type Goals, type Variant } from './journey-goals';
import { dayMs, sampleAtMost, sampleOf, sinceOf, type ResultsRequest } from './run-sample';
import { refusalInWords, stepInWords } from './step-words';

export type { ResultsRequest } from './run-sample';

export interface FunnelStep {
  kind: 'entered' | 'step' | 'send' | 'goal';
  step: string;
  label: string;
  runs: number;
  share: number;
  sent?: number;
  skipped?: number;
}

export interface JourneyResults {
  of: number;
  cut: boolean;
  /** What else was cut off at a bound of its own. */
  cuts: { steps: boolean; messages: boolean; series: boolean; refusals: boolean };
  /** Runs that may still reach the goal. */
  stillOpen: number;
  funnel: FunnelStep[];
  variants: Variant[];
  where: { step: string; label: string; runs: number }[];
  messages: { message: string; state: SendState; count: number }[];
  series: { at: Date; count: number }[];
  refusals: { reason: string; label: string; count: number }[];
}

const stepsShown = 60;
/** Messages and refusals that are counted. */
const rowsAtMost = 10_000;
/** Runs that are counted by day. */
const countedAtMost = 200_000;

export async function readJourneyResults(db: Db, request: ResultsRequest): Promise<JourneyResults> {
  const [goals, steps, where, messages, series, refusals] = await Promise.all([
    readGoals(db, request),
    readSteps(db, request),
    readWhere(db, request),
    readMessages(db, request),
    readSeries(db, request),
    readRefusals(db, request),
  ]);
  const counted = (rows: { count: number }[]) => rows.reduce((sum, { count }) => sum + count, 0);
  return {
    of: sampleAtMost,
    cut: goals.entered >= sampleAtMost,
    cuts: {
      steps: steps.length > stepsShown,
      messages: counted(messages) >= rowsAtMost,
      series: counted(series) >= countedAtMost,
      refusals: counted(refusals) >= rowsAtMost,
    },
    stillOpen: goals.stillOpen,
    funnel: funnelOf(goals, steps.slice(0, stepsShown), request.goalWithinMs !== undefined),
    variants: goals.variants,
    ...{ where, messages, series, refusals },
  };
}

interface StepCount {
  step: string;
  runs: number;
  place: number;
  sent: number;
  skipped: number;
}

/**
 * Of each run its own steps by their key, each as it ended: a send that was held is there twice. What a live run waits for
 * counts as reached.
 */
async function readSteps(db: Db, request: ResultsRequest): Promise<StepCount[]> {
  const { rows } = await sql<StepCount>`
    with sample as materialized (${sampleOf(request)})
    select step, count(*)::int as runs, avg(position)::float8 as place,
      count(*) filter (where result = 'sent')::int as sent, count(*) filter (where result = 'skipped')::int as skipped
    from sample cross join lateral (
      select distinct on (step) step, result, position from (
        select step, result, position from sojourn.run_steps where run_id = sample.id
        union all
        select waiting ->> 'step', 'waits', (waiting ->> 'position')::int from sojourn.runs
        where id = sample.id and state = 'live' and waiting is not null
      ) taken order by step, position desc, result = 'waits'
    ) s group by step order by runs desc, step limit ${stepsShown + 1}`.execute(db);
  return rows;
}

/** In the order of the places that steps have in runs. */
function funnelOf({ entered, goals }: Goals, rows: StepCount[], hasGoal: boolean): FunnelStep[] {
  const share = (runs: number) => (entered === 0 ? 0 : runs / entered);
  const steps = [...rows].sort((a, b) => a.place - b.place || (a.step < b.step ? -1 : 1));
  return [
    { kind: 'entered', step: 'entered', label: 'entered', runs: entered, share: share(entered) },
    ...steps.map(({ step, runs, sent, skipped }): FunnelStep => {
      const common = { step, label: stepInWords(step), runs, share: share(runs) };
      return step.startsWith('send ') ? { kind: 'send', ...common, sent, skipped } : { kind: 'step', ...common };
    }),
    ...(hasGoal
      ? [{ kind: 'goal' as const, step: 'goal', label: 'reached the goal', runs: goals, share: share(goals) }]
      : []),
  ];
}

/** What live runs wait for; one that does not wait is somewhere after its last step, which is written when it is settled. */
async function readWhere(db: Db, { journey }: ResultsRequest): Promise<JourneyResults['where']> {
  const { rows } = await sql<{ step: string | null; waits: boolean; runs: number }>`
    select at.step, at.waits, count(*)::int as runs from (
      select id, waiting from sojourn.runs
      where journey = ${journey} and state = 'live' order by id desc limit ${sampleAtMost}
    ) live left join lateral (
      select step, position from sojourn.run_steps where run_id = live.id order by position desc limit 1
    ) last on true cross join lateral (
      select case when waits then waiting ->> 'step' else last.step end as step, waits
      from (select coalesce((waiting ->> 'position')::int > coalesce(last.position, -1), false) as waits) w
    ) at group by at.step, at.waits order by 3 desc, 1 limit ${stepsShown}`.execute(db);
  return rows.map(({ step, waits, runs }) => {
    if (step === null) return { step: 'entered', label: 'before the first step is done', runs };
    return { step, label: waits ? stepInWords(step) : `after: ${stepInWords(step)}`, runs };
  });
}

async function readMessages(db: Db, request: ResultsRequest): Promise<JourneyResults['messages']> {
  const { rows } = await sql<{ message: string; state: SendState; count: number }>`
    select message, state, count(*)::int as count from (
      select message, state from sojourn.sends where journey = ${request.journey} and created_at >= ${sinceOf(request)}
      order by created_at desc limit ${rowsAtMost}
    ) newest group by message, state order by message, state`.execute(db);
  return rows;
}

async function readSeries(db: Db, request: ResultsRequest): Promise<JourneyResults['series']> {
  const { rows } = await sql<{ at: Date; count: number }>`
    select date_bin('1 day', started_at, 'epoch') as at, count(*)::int as count
    from (${sampleOf(request, { most: countedAtMost })}) counted group by 1`.execute(db);
  const counts = new Map(rows.map(({ at, count }) => [at.getTime(), count]));
  const first = sinceOf(request).getTime();
  return Array.from({ length: request.days }, (_, day) => {
    const at = first + day * dayMs;
    return { at: new Date(at), count: counts.get(at) ?? 0 };
  });
}

async function readRefusals(db: Db, request: ResultsRequest): Promise<JourneyResults['refusals']> {
  const { rows } = await sql<{ reason: string; count: number }>`
    select coalesce(reason, 'unknown') as reason, count(*)::int as count from (
      select reason from sojourn.decisions
      where verdict = 'refused' and journey = ${request.journey} and decided_at >= ${sinceOf(request)}
      order by decided_at desc limit ${rowsAtMost}
    ) newest group by 1 order by 2 desc, 1`.execute(db);
  return rows.map(({ reason, count }) => ({ reason, label: refusalInWords(reason), count }));
}
