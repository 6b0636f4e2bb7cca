/** What the overview counts in a stretch of buckets, each from an index over the time that it goes by. */
import { sql } from 'kysely';
import type { Db, SendState } from '../db';
import type { Stretch } from './kept-buckets';

export interface EventCounts {
  all: number;
  /** Names that are not in the tracking plan: the most frequent of the bucket. */
  unplanned: { name: string; count: number }[];
}

export interface RunCounts {
  journey: string;
  started: number;
  ended: number;
  converted: number;
  failed: number;
  /** What the last of these failed with. */
  reason: string | null;
}

export type SendCounts = Partial<Record<SendState, number>>;

/** Names are a sender's to make up, so those of a bucket are held up to a bound. */
const namesOfBucket = 100;

const bucketOf = (column: string, { bucketSeconds }: { bucketSeconds: number }) =>
  sql`date_bin(make_interval(secs => ${bucketSeconds}), ${sql.ref(column)}, 'epoch')`;

const within = (column: string, { from, to }: Stretch) =>
  sql`${sql.ref(column)} >= ${new Date(from)} and ${sql.ref(column)} < ${new Date(to)}`;

/** One pass: of planned events the number, of the others the names too. */
export async function countEvents(db: Db, stretch: Stretch): Promise<Map<number, EventCounts>> {
  const { rows } = await sql<{ at: Date; name: string | null; count: number }>`
    with counted as materialized (
      select ${bucketOf('accepted_at', stretch)} as at, case when planned then null else name end as name,
        count(*)::int as count
      from sojourn.events where ${within('accepted_at', stretch)} group by 1, 2
    )
    select at, null::text as name, sum(count)::int as count from counted group by at
    union all
    select at, name, count from (
      select *, row_number() over (partition by at order by count desc, name) as place from counted where name is not null
    ) named where place <= ${namesOfBucket}`.execute(db);
  return byBucket(rows, { all: 0, unplanned: [] }, ({ all, unplanned }: EventCounts, { name, count }) =>
    name === null ? { all: all + count, unplanned } : { all, unplanned: [...unplanned, { name, count }] },
  );
}

/** A row for the starts, another for the ends. */
export async function countRunMoments(db: Db, stretch: Stretch): Promise<Map<number, RunCounts[]>> {
  const { rows } = await sql<RunCounts & { at: Date }>`
    select ${bucketOf('started_at', stretch)} as at, journey, count(*)::int as started, 0 as ended, 0 as converted,
      0 as failed, null as reason
    from sojourn.runs where ${within('started_at', stretch)} group by 1, 2
    union all
    select ${bucketOf('ended_at', stretch)}, journey, 0, count(*)::int,
      count(*) filter (where outcome = 'converted')::int, count(*) filter (where outcome = 'failed')::int,
      (array_agg(reason order by ended_at desc) filter (where outcome = 'failed'))[1]
    from sojourn.runs where state = 'ended' and ${within('ended_at', stretch)} group by 1, 2`.execute(db);
  return byBucket(rows, [], (of: RunCounts[], { at: _, ...row }) => [...of, row]);
}

export async function countSends(db: Db, stretch: Stretch): Promise<Map<number, SendCounts>> {
  return sendsByState(db, stretch, sql`true`);
}

/** Of those that may still come to something else; `sent` and its kind stay what they are. */
export async function countOpenSends(db: Db, stretch: Stretch): Promise<Map<number, SendCounts>> {
  return sendsByState(db, stretch, sql`state = any(${openStates})`);
}

export const openStates: SendState[] = ['claimed', 'attempting', 'uncertain', 'held'];

async function sendsByState(db: Db, stretch: Stretch, which: ReturnType<typeof sql>) {
  const { rows } = await sql<{ at: Date; state: SendState; count: number }>`
    select ${bucketOf('created_at', stretch)} as at, state, count(*)::int as count
    from sojourn.sends where ${within('created_at', stretch)} and ${which} group by 1, 2`.execute(db);
  return byBucket(rows, {}, (of: SendCounts, { state, count }) => ({ ...of, [state]: count }));
}

function byBucket<Row extends { at: Date }, T>(rows: Row[], none: T, add: (to: T, row: Row) => T): Map<number, T> {
  const buckets = new Map<number, T>();
  for (const row of rows) buckets.set(row.at.getTime(), add(buckets.get(row.at.getTime()) ?? none, row));
  return buckets;
}
