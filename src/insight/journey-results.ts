/**
 * What became of those who entered a journey lately: its funnel, its variants, where people are now, and why others did
 * not enter. Read from the newest runs up to a bound, by index, and it says when that cut something off.
 */
import { sql } from 'kysely';
import type { Db } from '../db';
import { refusalInWords, stepInWords } from './step-words';

export interface ResultsRequest {
  journey: string;
  days: number;
  /** Stack's ms. */
  now: number;
  hasGoal: boolean;
  hasHoldout: boolean;
}

export interface FunnelStep {
  kind: 'entered' | 'step' | 'send' | 'goal';
  step: string;
  label: string;
  runs: number;
  share: number;
  sent?: number;
  skipped?: number;
}

export interface Variant {
  experiment: string;
  variant: string;
  runs: number;
  goals: number;
  rate: number;
}

type SendState = 'claimed' | 'attempting' | 'sent' | 'delivered' | 'uncertain' | 'failed' | 'held' | 'skipped';

export interface JourneyResults {
  of: number;
  cut: boolean;
  funnel: FunnelStep[];
  variants: Variant[];
  where: { step: string; label: string; runs: number }[];
  messages: { message: string; state: SendState; count: number }[];
  series: { at: Date; count: number }[];
  refusals: { reason: string; label: string; count: number }[];
}

/** Runs whose steps are read. */
const sampleAtMost = 3_000;
const stepsShown = 60;
/** Messages and refusals that are counted. */
const rowsAtMost = 10_000;
/** Runs that are counted by day. */
const countedAtMost = 200_000;
const dayMs = 86_400_000;

export async function readJourneyResults(db: Db, request: ResultsRequest): Promise<JourneyResults> {
  const [sample, where, messages, series, refusals] = await Promise.all([
    readSample(db, request),
    readWhere(db, request),
    readMessages(db, request),
    readSeries(db, request),
    readRefusals(db, request),
  ]);
  return { ...sample, where, messages, series, refusals };
}

const sinceOf = ({ now, days }: ResultsRequest) => new Date((Math.floor(now / dayMs) - days + 1) * dayMs);

/** The newest runs of the window, of either state in its index's order. */
const sampleOf = (request: ResultsRequest, most = sampleAtMost) => sql`
  select id, outcome, holdout, started_at from (values ('live'), ('ended')) s (state) cross join lateral (
    select id, outcome, holdout, started_at from sojourn.runs
    where journey = ${request.journey} and state = s.state order by id desc limit ${most}
  ) newest where started_at >= ${sinceOf(request)} order by id desc limit ${most}`;

interface Counted {
  entered: number;
  goals: number;
  heldOut: number;
  goalsHeldOut: number;
}

interface StepCount {
  step: string;
  /** What an experiment drew. */
  variant: string | null;
  runs: number;
  goals: number;
  place: number;
  sent: number;
  skipped: number;
}

async function readSample(
  db: Db,
  request: ResultsRequest,
): Promise<Pick<JourneyResults, 'of' | 'cut' | 'funnel' | 'variants'>> {
  const [counted, steps] = await Promise.all([
    sql<Counted>`
      with sample as (${sampleOf(request)})
      select count(*)::int as entered, count(*) filter (where outcome = 'converted')::int as goals,
        count(*) filter (where holdout)::int as "heldOut",
        count(*) filter (where holdout and outcome = 'converted')::int as "goalsHeldOut" from sample`.execute(db),
    // Of each run its own steps by their key, each as it ended: a send that was held is there twice.
    sql<StepCount>`
      with sample as materialized (${sampleOf(request)})
      select step, case when step like 'experiment %' and result <> 'ended' then result end as variant,
        count(*)::int as runs, count(*) filter (where outcome = 'converted')::int as goals,
        avg(position)::float8 as place, count(*) filter (where result = 'sent')::int as sent,
        count(*) filter (where result = 'skipped')::int as skipped
      from sample cross join lateral (
        select distinct on (step) step, result, position from sojourn.run_steps
        where run_id = sample.id order by step, position desc
      ) s group by 1, 2 order by runs desc limit ${stepsShown}`.execute(db),
  ]);
  const counts = counted.rows[0] ?? { entered: 0, goals: 0, heldOut: 0, goalsHeldOut: 0 };
  return {
    of: sampleAtMost,
    cut: counts.entered >= sampleAtMost,
    funnel: funnelOf(counts, steps.rows, request.hasGoal),
    variants: [...(request.hasHoldout ? holdoutOf(counts) : []), ...experimentsOf(steps.rows)],
  };
}

/** In the order of the places that steps have in runs. */
function funnelOf({ entered, goals }: Counted, rows: StepCount[], hasGoal: boolean): FunnelStep[] {
  const share = (runs: number) => (entered === 0 ? 0 : runs / entered);
  const steps = [...new Set(rows.map(({ step }) => step))].map((step) => {
    const of = rows.filter((row) => row.step === step);
    const sum = (what: 'runs' | 'sent' | 'skipped') => of.reduce((all, row) => all + row[what], 0);
    const place = of.reduce((all, row) => all + row.place * row.runs, 0) / sum('runs');
    return { step, place, runs: sum('runs'), sent: sum('sent'), skipped: sum('skipped') };
  });
  steps.sort((a, b) => a.place - b.place || (a.step < b.step ? -1 : 1));
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

const rated = (experiment: string, variant: string, runs: number, goals: number): Variant => ({
  ...{ experiment, variant, runs, goals },
  rate: runs === 0 ? 0 : goals / runs,
});

function holdoutOf({ entered, goals, heldOut, goalsHeldOut }: Counted): Variant[] {
  return [
    rated('holdout', 'held out', heldOut, goalsHeldOut),
    rated('holdout', 'messaged', entered - heldOut, goals - goalsHeldOut),
  ];
}

function experimentsOf(rows: StepCount[]): Variant[] {
  return rows
    .flatMap(({ step, variant, runs, goals }) =>
      variant === null ? [] : [rated(step.slice('experiment '.length), variant, runs, goals)],
    )
    .sort((a, b) => (`${a.experiment}/${a.variant}` < `${b.experiment}/${b.variant}` ? -1 : 1));
}

/** A step is written when it is settled, so a live run is somewhere after its last one. */
async function readWhere(db: Db, { journey }: ResultsRequest): Promise<JourneyResults['where']> {
  const { rows } = await sql<{ step: string | null; runs: number }>`
    select last.step, count(*)::int as runs from (
      select id from sojourn.runs where journey = ${journey} and state = 'live' order by id desc limit ${sampleAtMost}
    ) live left join lateral (
      select step from sojourn.run_steps where run_id = live.id order by position desc limit 1
    ) last on true group by last.step order by 2 desc, 1 limit ${stepsShown}`.execute(db);
  return rows.map(({ step, runs }) =>
    step === null
      ? { step: 'entered', label: 'before the first step is done', runs }
      : { step, label: `after: ${stepInWords(step)}`, runs },
  );
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
    from (${sampleOf(request, countedAtMost)}) counted group by 1`.execute(db);
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
