/**
 * What goes on in a window of time: events, runs, messages, and what needs somebody. Each question reads an index, and of
 * the window only what may have changed since it was asked before; what could grow without a bound is counted up to one.
 */
import { sql } from 'kysely';
import type { Clock } from '../clock';
import type { Db, SendState } from '../db';
import {
  countEvents,
  countOpenSends,
  countRunMoments,
  countSends,
  openStates,
  type EventCounts,
  type RunCounts,
  type SendCounts,
} from './bucket-counts';
import { windowOf, type Window } from './buckets';
import { committedWithinMs, createKeptBuckets } from './kept-buckets';
import { createLateRuns } from './late-runs';

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
  minutes: number;
  /** Stack's ms of the end of the window whose events are counted as `last`. */
  lastMs: number;
}

export interface OverviewReader {
  read(request: OverviewRequest): Promise<Overview>;
}

const countedUpTo = 1_000;
const queuesCountedUpTo = 10_000;
const unplannedShown = 20;

type Buckets<T> = { at: number; counts: T }[];

/** Remembers, for as long as it is used, what it counted of the time that is over. One question is answered at a time. */
export function createOverview({ db, clock }: { db: Db; clock: Clock }): OverviewReader {
  const events = createKeptBuckets<EventCounts>((stretch) => countEvents(db, stretch), { all: 0, unplanned: [] });
  const runs = createKeptBuckets<RunCounts[]>((stretch) => countRunMoments(db, stretch), []);
  const sends = createKeptBuckets<SendCounts>((stretch) => countSends(db, stretch), {});
  const lateRuns = createLateRuns({ db, clock });
  let before: Promise<unknown> = Promise.resolve();

  /** Starts and ends may be written late. */
  async function readRuns(window: Window, closedBefore: number): Promise<Buckets<RunCounts[]>> {
    const late = await lateRuns.look(closedBefore);
    for (const moment of late ?? []) runs.forget(moment);
    return runs.read(window, late ? closedBefore : 0);
  }

  /** No send is added to a bucket that is over; those in it that had not come to an end may have since. */
  async function readSends(window: Window, closedBefore: number): Promise<Buckets<SendCounts>> {
    const size = window.bucketSeconds * 1_000;
    const open = await countOpenSends(db, { ...window, to: window.until + size });
    sends.check(window, (at, counts) => openStates.some((state) => counts[state] !== open.get(at)?.[state]));
    return sends.read(window, closedBefore);
  }

  async function read({ minutes, lastMs }: OverviewRequest): Promise<Overview> {
    const now = clock.now();
    const window = windowOf(now, minutes);
    const closedBefore = now - committedWithinMs * clock.scale;
    const [eventBuckets, last, live, runBuckets, sendBuckets, attention] = await Promise.all([
      events.read(window, closedBefore),
      countSince(db, new Date(now - lastMs)),
      readLive(db),
      readRuns(window, closedBefore),
      readSends(window, closedBefore),
      readAttention(db, window),
    ]);
    const messages = messagesOf(sendBuckets);
    return {
      window,
      events: { ...eventsOf(eventBuckets), last },
      runs: runsOf(runBuckets, live),
      messages,
      attention: {
        ...attention,
        failed: messages.counts.failed ?? 0,
        failedRuns: failuresOf(runBuckets),
        unplanned: unplannedOf(eventBuckets),
      },
    };
  }

  return {
    read(request) {
      const answer = before.then(() => read(request));
      before = answer.catch(() => undefined);
      return answer;
    },
  };
}

async function countSince(db: Db, from: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from sojourn.events where accepted_at > ${from}`.execute(db);
  return rows[0]?.count ?? 0;
}

async function readLive(db: Db): Promise<{ journey: string; live: number }[]> {
  const { rows } = await sql<{ journey: string; live: number }>`
    select journey, count(*)::int as live from sojourn.runs where state = 'live' group by journey`.execute(db);
  return rows;
}

function eventsOf(buckets: Buckets<EventCounts>) {
  const series = buckets.map(({ at, counts }) => ({ at: new Date(at), count: counts.all }));
  return { series, total: sum(series.map(({ count }) => count)) };
}

function unplannedOf(buckets: Buckets<EventCounts>): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { name, count } of buckets.flatMap((bucket) => bucket.counts.unplanned)) {
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  const named = [...counts].map(([name, count]) => ({ name, count }));
  return named.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)).slice(0, unplannedShown);
}

function runsOf(buckets: Buckets<RunCounts[]>, live: { journey: string; live: number }[]): Overview['runs'] {
  const byJourney: Overview['runs']['byJourney'] = new Map();
  const of = (journey: string) => {
    const known = byJourney.get(journey) ?? { live: 0, started: 0, ended: 0, converted: 0 };
    byJourney.set(journey, known);
    return known;
  };
  for (const row of live) of(row.journey).live = row.live;
  for (const { journey, started, ended, converted } of buckets.flatMap((bucket) => bucket.counts)) {
    const total = of(journey);
    total.started += started;
    total.ended += ended;
    total.converted += converted;
  }
  const series = buckets.map(({ at, counts }) => ({
    at: new Date(at),
    started: sum(counts.map(({ started }) => started)),
    ended: sum(counts.map(({ ended }) => ended)),
  }));
  const all = (what: 'live' | 'started' | 'ended') => sum([...byJourney.values()].map((one) => one[what]));
  return { live: all('live'), started: all('started'), ended: all('ended'), series, byJourney };
}

/** By journey, with the reason of the last. */
function failuresOf(buckets: Buckets<RunCounts[]>): Overview['attention']['failedRuns'] {
  const byJourney = new Map<string, Overview['attention']['failedRuns'][number]>();
  for (const { journey, failed, reason } of buckets.flatMap((bucket) => bucket.counts)) {
    const runs = (byJourney.get(journey)?.runs ?? 0) + failed;
    if (failed > 0) byJourney.set(journey, { journey, runs, reason });
  }
  return [...byJourney.values()].sort((a, b) => b.runs - a.runs || (a.journey < b.journey ? -1 : 1));
}

const shownAs: Partial<Record<SendState, 'sent' | 'skipped' | 'failed' | 'held' | 'uncertain'>> = {
  sent: 'sent',
  delivered: 'sent',
  skipped: 'skipped',
  failed: 'failed',
  held: 'held',
  uncertain: 'uncertain',
};

function messagesOf(buckets: Buckets<SendCounts>): Overview['messages'] {
  const counts: SendCounts = {};
  const series = buckets.map((bucket) => {
    const shown = { at: new Date(bucket.at), sent: 0, skipped: 0, failed: 0, held: 0, uncertain: 0 };
    for (const [state, count] of Object.entries(bucket.counts) as [SendState, number][]) {
      counts[state] = (counts[state] ?? 0) + count;
      const as = shownAs[state];
      if (as) shown[as] += count;
    }
    return shown;
  });
  return { series, counts };
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

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
