/** What waits and what lives, counted in the store every few seconds for whoever scrapes the metrics of a router. */
import { sql } from 'kysely';
import type { Core } from './core';

interface Waiting {
  pending: string;
  oldest_pending: Date | null;
  deliveries: string;
  oldest_delivery_seconds: number | null;
  uncertain: string;
  held: string;
  set_aside: string;
}

export async function countWaiting({ db, clock, metrics }: Core): Promise<void> {
  const { rows } = await sql<Waiting>`
    select (select count(*) from sojourn.pending) as pending,
      (select event_accepted_at from sojourn.pending order by event_id limit 1) as oldest_pending,
      (select count(*) from sojourn.deliveries) as deliveries,
      (select extract(epoch from clock_timestamp() - wall_created_at)::float8
        from sojourn.deliveries order by number limit 1) as oldest_delivery_seconds,
      (select count(*) from sojourn.sends where state = 'uncertain') as uncertain,
      (select count(*) from sojourn.sends where state = 'held') as held,
      (select greatest(reltuples, 0)::bigint from pg_class where oid = 'sojourn.set_aside'::regclass) as set_aside`.execute(
    db,
  );
  const [row] = rows;
  if (!row) return;
  const pendingMs = row.oldest_pending ? clock.wallMs(clock.now() - row.oldest_pending.getTime()) : 0;
  metrics.pendingEvents.set(Number(row.pending));
  metrics.pendingOldestSeconds.set(Math.max(0, pendingMs) / 1_000);
  metrics.deliveriesWaiting.set(Number(row.deliveries));
  metrics.deliveriesOldestSeconds.set(Math.max(0, row.oldest_delivery_seconds ?? 0));
  metrics.sendsUncertain.set(Number(row.uncertain));
  metrics.sendsHeld.set(Number(row.held));
  metrics.setAside.set(Number(row.set_aside));
}

/** By the index of live runs. A journey without any, of those that are deployed, counts as 0. */
export async function countLiveRuns({ db, catalog, metrics }: Core): Promise<void> {
  const { rows } = await sql<{ journey: string; count: string }>`
    select journey, count(*) from sojourn.runs where state = 'live' group by journey`.execute(db);
  metrics.runsLive.reset();
  for (const { id: journey } of catalog.journeys()) metrics.runsLive.set({ journey }, 0);
  for (const { journey, count } of rows) metrics.runsLive.set({ journey }, Number(count));
}
