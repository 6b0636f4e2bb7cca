/**
 * What goes on in a window of time: events, runs, messages, and what needs somebody. Each question reads an index and no
 * more than the window; what could grow without a bound is counted up to one.
 */
import { sql } from 'kysely';
import type { Db, SendState } from '../db';
import { bucketsOf, windowOf, type Window } from './buckets';

export interface Overview {
  window: Window;
  events: { total: number; last: number; series: { at: Date; count: number }[] };
  runs: {
    live: number;
    started: number;
    ended: number;
    series: { at: Date; started: number; ended: number }[];
    byJourney: Map<string, { live: number; started: number; ended: number; converted: number }>;
  };
  messages: {
    series: { at: Date; sent: number; skipped: number; failed: number; held: number; uncertain: number }[];
    counts: Partial<Record<SendState, number>>;
  };
  attention: {
    uncertain: number;
    held: number;
    failed: number;
    setAside: number;
    unplanned: { name: string; count: number }[];
    failedRuns: { journey: string; runs: number; reason: string | null }[];
    /** `pendingSince` is the stack's time, `deliveriesSince` the wall's. */
    waiting: { pending: number; deliveries: number; pendingSince: Date | null; deliveriesSince: Date | null };
  };
}

export interface OverviewRequest {
  /** Stack's ms. */
  now: number;
  minutes: number;
  /** Stack's ms of the end of the window whose events are counted as `last`. */
  lastMs: number;
}

const countedUpTo = 1_000;
const queuesCountedUpTo = 10_000;
const unplannedShown = 20;

export async function readOverview(db: Db, { now, minutes, lastMs }: OverviewRequest): Promise<Overview> {
  const window = windowOf(now, minutes);
  const [events, last, runs, messages, failedRuns, attention] = await Promise.all([
    readEvents(db, window),
    countEvents(db, new Date(now - lastMs)),
    readRuns(db, window),
    readMessages(db, window),
    readFailedRuns(db, window),
    readAttention(db, window),
  ]);
  const { unplanned, ...counted } = events;
  return {
    window,
    events: { ...counted, last },
    runs,
    messages,
    attention: { ...attention, failed: messages.counts.failed ?? 0, failedRuns, unplanned },
  };
}

const bucketOf = (column: string, { bucketSeconds }: Window) =>
  sql`date_bin(make_interval(secs => ${bucketSeconds}), ${sql.ref(column)}, 'epoch')`;

async function countEvents(db: Db, from: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from sojourn.events where accepted_at > ${from}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** One pass over the window: of planned events the buckets, of the others the names too. */
async function readEvents(db: Db, window: Window) {
  const { rows } = await sql<{ at: Date | null; name: string | null; count: number }>`
    with counted as materialized (
      select ${bucketOf('accepted_at', window)} as at, case when planned then null else name end as name,
        count(*)::int as count
      from sojourn.events where accepted_at >= ${new Date(window.from)} group by 1, 2
    )
    (select at, null::text as name, sum(count)::int as count from counted group by at)
    union all
    (select null, name, sum(count)::int from counted where name is not null
     group by name order by 3 desc, 2 limit ${unplannedShown})`.execute(db);
  const counts = new Map(rows.flatMap(({ at, count }) => (at === null ? [] : [[at.getTime(), count] as const])));
  const series = bucketsOf(window).map((at) => ({ at: new Date(at), count: counts.get(at) ?? 0 }));
  return {
    series,
    total: series.reduce((sum, { count }) => sum + count, 0),
    unplanned: rows.flatMap(({ name, count }) => (name === null ? [] : [{ name, count }])),
  };
}

async function readRuns(db: Db, window: Window): Promise<Overview['runs']> {
  const from = new Date(window.from);
  const [live, moments] = await Promise.all([
    sql<{ journey: string; live: number }>`
      select journey, count(*)::int as live from sojourn.runs where state = 'live' group by journey`.execute(db),
    sql<{ at: Date; journey: string; started: number; ended: number; converted: number }>`
      select at, journey, sum(started)::int as started, sum(ended)::int as ended, sum(converted)::int as converted from (
        select ${bucketOf('started_at', window)} as at, journey, count(*) as started, 0 as ended, 0 as converted
          from sojourn.runs where started_at >= ${from} group by 1, 2
        union all
        select ${bucketOf('ended_at', window)}, journey, 0, count(*), count(*) filter (where outcome = 'converted')
          from sojourn.runs where state = 'ended' and ended_at >= ${from} group by 1, 2
      ) moments group by at, journey`.execute(db),
  ]);
  const byJourney: Overview['runs']['byJourney'] = new Map();
  const series = new Map(bucketsOf(window).map((at) => [at, { at: new Date(at), started: 0, ended: 0 }]));
  const of = (journey: string) => {
    const known = byJourney.get(journey) ?? { live: 0, started: 0, ended: 0, converted: 0 };
    byJourney.set(journey, known);
    return known;
  };
  for (const row of live.rows) of(row.journey).live = row.live;
  for (const { at, journey, started, ended, converted } of moments.rows) {
    const bucket = series.get(at.getTime());
    const total = of(journey);
    total.started += started;
    total.ended += ended;
    total.converted += converted;
    if (!bucket) continue;
    bucket.started += started;
    bucket.ended += ended;
  }
  const sum = (what: 'live' | 'started' | 'ended') => [...byJourney.values()].reduce((all, one) => all + one[what], 0);
  return { live: sum('live'), started: sum('started'), ended: sum('ended'), series: [...series.values()], byJourney };
}

const shownAs: Partial<Record<SendState, 'sent' | 'skipped' | 'failed' | 'held' | 'uncertain'>> = {
  sent: 'sent',
  delivered: 'sent',
  skipped: 'skipped',
  failed: 'failed',
  held: 'held',
  uncertain: 'uncertain',
};

async function readMessages(db: Db, window: Window): Promise<Overview['messages']> {
  const { rows } = await sql<{ at: Date; state: SendState; count: number }>`
    select ${bucketOf('created_at', window)} as at, state, count(*)::int as count
    from sojourn.sends where created_at >= ${new Date(window.from)} group by 1, 2`.execute(db);
  const empty = { sent: 0, skipped: 0, failed: 0, held: 0, uncertain: 0 };
  const series = new Map(bucketsOf(window).map((at) => [at, { at: new Date(at), ...empty }]));
  const counts: Overview['messages']['counts'] = {};
  for (const { at, state, count } of rows) {
    counts[state] = (counts[state] ?? 0) + count;
    const bucket = series.get(at.getTime());
    const shown = shownAs[state];
    if (bucket && shown) bucket[shown] += count;
  }
  return { series: [...series.values()], counts };
}

/** By journey, with the reason of the last. */
async function readFailedRuns(db: Db, window: Window): Promise<Overview['attention']['failedRuns']> {
  const { rows } = await sql<Overview['attention']['failedRuns'][number]>`
    select journey, count(*)::int as runs, (array_agg(reason order by ended_at desc))[1] as reason from (
      select journey, reason, ended_at from sojourn.runs
      where state = 'ended' and outcome = 'failed' and ended_at >= ${new Date(window.from)}
      order by ended_at desc limit ${countedUpTo}
    ) newest group by journey order by 2 desc, 1`.execute(db);
  return rows;
}

async function readAttention(db: Db, window: Window) {
  const { rows } = await sql<{
    uncertain: number;
    held: number;
    setAside: number;
    pending: number;
    deliveries: number;
    pendingSince: Date | null;
    deliveriesSince: Date | null;
  }>`select
      (select count(*)::int from (select from sojourn.sends where state = 'uncertain' limit ${countedUpTo}) x) as uncertain,
      (select count(*)::int from (select from sojourn.sends where state = 'held' limit ${countedUpTo}) x) as held,
      (select count(*)::int from (
        select from sojourn.set_aside where received_at >= ${new Date(window.from)} limit ${countedUpTo}) x) as "setAside",
      (select count(*)::int from (select from sojourn.pending limit ${queuesCountedUpTo}) x) as pending,
      (select count(*)::int from (select from sojourn.deliveries limit ${queuesCountedUpTo}) x) as deliveries,
      (select event_accepted_at from sojourn.pending order by event_id limit 1) as "pendingSince",
      (select wall_created_at from sojourn.deliveries order by number limit 1) as "deliveriesSince"`.execute(db);
  // One row, always.
  const { uncertain, held, setAside, ...waiting } = rows[0]!;
  return { uncertain, held, setAside, waiting };
}
