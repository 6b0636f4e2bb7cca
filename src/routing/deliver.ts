/**
 * Tells Temporal what was decided: starts runs and signals them, each run's deliveries in the order of their numbers.
 * A run is leased while its deliveries are under way; no transaction is open meanwhile. Whoever finds an expired
 * lease takes over under a higher fence, and what the former holder then reports is void. Something may so be told
 * twice, never out of order for the run: it drops what is not above the last number it has seen.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../db';
import type { JourneyEvent, StartArgs, Told } from '../journey';
import { noTracing, type Tracing } from '../observe';
import { tracesOfEvents } from '../runs';
import { loopUntilStopped, type Loop } from './loop';

/** The calls to Temporal that delivering needs. */
export interface Temporal {
  start(request: {
    workflowId: string;
    journey: string;
    start: StartArgs;
    personId: string;
    runId: string;
  }): Promise<{ status: 'started' | 'already_ours'; temporalRunId: string } | { status: 'busy' }>;
  tell(told: { workflowId: string; signal: { run: string; items: Told[] } }): Promise<'told' | 'gone'>;
}

export interface DelivererOptions {
  db: Db;
  temporal: Temporal;
  /** Resolves when there may be something new, or after `ms`. */
  idle: (ms: number) => Promise<void>;
  onDelivered?: (delivered: Delivered) => void;
  /** Called when a lease was given back, or was found to be somebody else's by now. */
  onLease?: (result: 'settled' | 'postponed' | 'fenced') => void;
  tracing?: Tracing;
  onError?: (error: unknown) => void;
  /** Runs that are told things at the same time. */
  concurrency?: number;
}

/** What Temporal was told, and how long that took. */
export interface Delivered {
  kind: 'start' | 'signal';
  run: string;
  person: string;
  journey: string;
  /** Since the decision, in wall milliseconds. */
  waitedMs: number;
  /** When the event behind it was accepted, in the stack's milliseconds. */
  acceptedAt?: number;
}

const leaseSeconds = 15;
const busyRetryMs = 200;
const idleMs = 1_000;
const gatherMs = 25;
const signalBytes = 500_000;

interface Leased {
  runId: string;
  fence: string;
  attempts: number;
}

interface Item {
  number: string;
  kind: 'start' | 'event' | 'end' | 'wake';
  payload: unknown;
  wall_created_at: Date;
}

export function createDeliverer(options: DelivererOptions): Loop {
  const { db, idle, onError, concurrency = 32 } = options;
  return loopUntilStopped(async () => {
    const leased = await lease(db, concurrency);
    await Promise.all(
      leased.map((one) =>
        deliverRun(options, one).catch(async (error: unknown) => {
          onError?.(error);
          await postpone(options, one, backOffMs(one.attempts), error).catch(onError);
        }),
      ),
    );
    // What gathers between two rounds is told in one signal. Whoever comes after a pause waits for nothing.
    if (leased.length > 0) await sleep(gatherMs);
    else await idle(idleMs);
  }, onError);
}

async function lease(db: Db, limit: number): Promise<Leased[]> {
  const { rows } = await sql<{ run_id: string; fence: string; attempts: number }>`
    update sojourn.dispatch d
    set lease_until = now() + make_interval(secs => ${leaseSeconds}), fence = d.fence + 1, attempts = d.attempts + 1
    where run_id in (
      select run_id from sojourn.dispatch
      where due_at <= now() and (lease_until is null or lease_until < now())
      order by due_at limit ${limit} for update skip locked)
    returning run_id, fence, attempts`.execute(db);
  return rows.map((row) => ({ runId: row.run_id, fence: row.fence, attempts: row.attempts }));
}

async function deliverRun(options: DelivererOptions, leased: Leased): Promise<void> {
  const { db, temporal } = options;
  const run = await db
    .selectFrom('runs')
    .select(['id', 'journey', 'person_id', 'workflow_id', 'state'])
    .where('id', '=', leased.runId)
    .executeTakeFirst();
  const items: Item[] = await db
    .selectFrom('deliveries')
    .select(['number', 'kind', 'payload', 'wall_created_at'])
    .where('run_id', '=', leased.runId)
    .orderBy('number')
    .limit(100)
    .execute();
  if (!run || items.length === 0) return settle(options, leased, []);
  const delivered = (kind: Delivered['kind'], item: Item) => report(options, run, kind, item);

  const [first] = items;
  if (first?.kind === 'start' && run.state === 'live') {
    const answer = await traced(options, 'deliver start', run, [first], () =>
      temporal.start({
        workflowId: run.workflow_id,
        journey: run.journey,
        // JSON that this module wrote itself, when the run was decided.
        start: first.payload as StartArgs,
        personId: run.person_id,
        runId: run.id,
      }),
    );
    if (answer.status === 'busy') {
      return postpone(options, leased, busyRetryMs, new Error('the last run of this workflow id has not closed yet'));
    }
    await db
      .updateTable('runs')
      .set({ temporal_run_id: answer.temporalRunId })
      .where('id', '=', run.id)
      .where('temporal_run_id', 'is', null)
      .execute();
    delivered('start', first);
    return settle(options, leased, [first.number]);
  }
  // A run that ended before it was started need not start. Should a start have gone out all the same, it is told its
  // end here; and if it goes out later, its first call finds that it has ended.
  const told = withinSignalSize(items.filter((item) => item.kind !== 'start'));
  if (told.length > 0) {
    await traced(options, 'deliver signal', run, told, () =>
      temporal.tell({
        workflowId: run.workflow_id,
        signal: { run: run.id, items: told.map((item) => item.payload as Told) },
      }),
    );
  }
  for (const item of told) delivered('signal', item);
  const starts = items.filter((item) => item.kind === 'start');
  return settle(
    options,
    leased,
    [...starts, ...told].map((item) => item.number),
  );
}

type Run = { id: string; journey: string; person_id: string };

function report({ onDelivered }: DelivererOptions, run: Run, kind: Delivered['kind'], item: Item): void {
  onDelivered?.({
    kind,
    run: run.id,
    person: run.person_id,
    journey: run.journey,
    waitedMs: Date.now() - item.wall_created_at.getTime(),
    acceptedAt: eventOf(item)?.acceptedAt,
  });
}

/** In a span that belongs to the first event that is told, if that one is traced, and names the others. */
async function traced<T>(
  { db, tracing = noTracing }: DelivererOptions,
  name: string,
  run: Run,
  items: Item[],
  call: () => Promise<T>,
): Promise<T> {
  if (!tracing.on) return call();
  const events = items.flatMap((item) => eventOf(item) ?? []);
  const [parent, ...links] = await tracesOfEvents(db, run.person_id, events);
  if (parent === undefined) return call();
  const attributes = { 'sojourn.run': run.id, 'sojourn.journey': run.journey, 'sojourn.told': items.length };
  return tracing.span(name, { kind: 'client', parent, links, attributes }, call);
}

/** The event that is told, or that starts the run. */
function eventOf({ kind, payload }: Item): JourneyEvent | undefined {
  return kind === 'start' || kind === 'event' ? (payload as { event: JourneyEvent }).event : undefined;
}

/** The first items, as many as one signal may hold, and at least one: Temporal refuses payloads above 2 MB. */
function withinSignalSize(items: Item[]): Item[] {
  let bytes = 0;
  const fits = items.findIndex((item, index) => {
    bytes += Buffer.byteLength(JSON.stringify(item.payload));
    return index > 0 && bytes > signalBytes;
  });
  return fits < 0 ? items : items.slice(0, fits);
}

/** Void when the lease has gone to somebody else meanwhile. */
async function settle({ db, onLease }: DelivererOptions, { runId, fence }: Leased, done: string[]): Promise<void> {
  const counts = await db.transaction().execute(async (tx) => {
    const held =
      await sql`select 1 from sojourn.dispatch where run_id = ${runId} and fence = ${fence} for update`.execute(tx);
    if (held.rows.length === 0) return false;
    if (done.length > 0) await tx.deleteFrom('deliveries').where('number', 'in', done).execute();
    // A statement of its own: it must see deliveries that were committed while this one waited for the row.
    const rest = await tx.selectFrom('deliveries').select('number').where('run_id', '=', runId).limit(1).execute();
    if (rest.length === 0) await tx.deleteFrom('dispatch').where('run_id', '=', runId).execute();
    else await tx.updateTable('dispatch').set({ lease_until: null, attempts: 0 }).where('run_id', '=', runId).execute();
    return true;
  });
  onLease?.(counts ? 'settled' : 'fenced');
}

async function postpone(
  { db, onLease }: DelivererOptions,
  { runId, fence }: Leased,
  ms: number,
  error: unknown,
): Promise<void> {
  await sql`update sojourn.dispatch
    set lease_until = null, due_at = now() + make_interval(secs => ${ms / 1_000}), last_error = ${String(error).slice(0, 500)}
    where run_id = ${runId} and fence = ${fence}`.execute(db);
  onLease?.('postponed');
}

function backOffMs(attempts: number): number {
  return Math.min(15_000, 250 * 2 ** Math.min(attempts, 6));
}
