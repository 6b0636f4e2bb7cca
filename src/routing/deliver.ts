/**
 * Tells Temporal what was decided: starts runs and signals them, each run's deliveries in the order of their numbers.
 * A run is leased while its deliveries are under way; no transaction is open meanwhile. Whoever finds an expired
 * lease takes over under a higher fence, and what the former holder then reports is void. Something may so be told
 * twice, never out of order for the run: it drops what is not above the last number it has seen.
 */
import { sql } from 'kysely';
import type { Db } from '../db';
import type { StartArgs, Told } from '../journey';
import type { Tracing } from '../observe';
import { createSettler } from './delivered';
import { deliveredOf, inSpan, type Delivered, type Item } from './deliver-observed';
import { workUntilStopped, type Rounds, type WorkOptions } from './loop';

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

export interface DelivererOptions extends WorkOptions {
  db: Db;
  temporal: Temporal;
  onDelivered?: (delivered: Delivered) => void;
  /** Called when a lease was given back, or was found to be somebody else's by now. */
  onLease?: (result: 'settled' | 'postponed' | 'fenced') => void;
  tracing?: Tracing;
  /** Runs that are told things at the same time. */
  concurrency?: number;
}

const leaseSeconds = 15;
const busyRetryMs = 200;
const signalBytes = 500_000;
const itemsAtOnce = 100;

interface Leased {
  runId: string;
  fence: string;
  attempts: number;
}

/** A leased run, and the first of what it is to be told. */
interface Due extends Leased {
  run?: { id: string; journey: string; personId: string; workflowId: string; state: 'live' | 'ended' };
  items: Item[];
  /** Of the run's row in `dispatch`, as it was when these items were read. */
  version?: string;
}

type Settle = ReturnType<typeof createSettler>;

export function createDeliverer(options: DelivererOptions): Rounds {
  const { db, onError, concurrency = 32 } = options;
  const settle = createSettler(db);
  // What a run is to hear is told in one signal, if it comes between two rounds.
  return workUntilStopped(async () => {
    const leased = await lease(db, concurrency);
    const due = leased.length > 0 ? await load(db, leased) : [];
    await Promise.all(
      due.map((one) =>
        deliverRun(options, settle, one).catch(async (error: unknown) => {
          onError?.(error);
          await postpone(options, one, backOffMs(one.attempts), error).catch(onError);
        }),
      ),
    );
    return leased.length > 0;
  }, options);
}

/** The fence is not counted by the row: one that was taken off and came again would have that of an earlier holder. */
async function lease(db: Db, limit: number): Promise<Leased[]> {
  const { rows } = await sql<{ run_id: string; fence: string; attempts: number }>`
    update sojourn.dispatch d
    set lease_until = now() + make_interval(secs => ${leaseSeconds}), attempts = d.attempts + 1,
      fence = greatest(d.fence + 1, nextval('sojourn.number_seq'))
    where run_id in (
      select run_id from sojourn.dispatch
      where due_at <= now() and (lease_until is null or lease_until < now())
      order by due_at limit ${sql.lit(limit)} for update skip locked)
    returning run_id, fence, attempts`.execute(db);
  return rows.map((row) => ({ runId: row.run_id, fence: row.fence, attempts: row.attempts }));
}

/**
 * A statement of its own after the lease: it must not see what the last holder of a lease has told already. The runs are
 * not given as an array, of which PostgreSQL guesses more when it does not see it, and plans anew each time.
 */
async function load(db: Db, leased: Leased[]): Promise<Due[]> {
  const { rows } = await sql<{
    run_id: string;
    journey: string | null;
    person_id: string;
    workflow_id: string;
    state: 'live' | 'ended';
    number: string | null;
    kind: Item['kind'];
    payload: unknown;
    wall_created_at: Date;
    version: string | null;
  }>`
    select l.run_id, r.journey, r.person_id, r.workflow_id, r.state, d.number, d.kind, d.payload, d.wall_created_at,
      s.version
    from jsonb_to_recordset(${JSON.stringify(leased.map(({ runId }) => ({ run_id: runId })))}::jsonb) as l (run_id bigint)
    left join lateral (select * from sojourn.runs where id = l.run_id offset 0) as r on true
    left join lateral (select xmin::text as version from sojourn.dispatch where run_id = l.run_id offset 0) as s on true
    left join lateral (select number, kind, payload, wall_created_at from sojourn.deliveries
      where run_id = l.run_id order by number limit ${sql.lit(itemsAtOnce)}) as d on true
    order by l.run_id, d.number`.execute(db);
  const due = new Map(leased.map((one): [string, Due] => [one.runId, { ...one, items: [] }]));
  for (const { run_id, journey, person_id, workflow_id, state, version, number, ...item } of rows) {
    const one = due.get(run_id);
    if (!one) continue;
    one.version ??= version ?? undefined;
    if (journey !== null) one.run ??= { id: run_id, journey, personId: person_id, workflowId: workflow_id, state };
    if (number !== null) one.items.push({ number, ...item });
  }
  return [...due.values()];
}

async function deliverRun(options: DelivererOptions, settle: Settle, due: Due): Promise<void> {
  const { temporal, onDelivered, onLease } = options;
  const { run, items, runId, fence } = due;
  const settled = async (done: string[], startedAs?: string) => {
    const all = done.length === items.length && items.length < itemsAtOnce;
    const held = await settle({ runId, fence, done, version: all ? due.version : undefined, startedAs });
    onLease?.(held ? 'settled' : 'fenced');
  };
  if (!run || items.length === 0) return settled([]);

  const [first] = items;
  if (first?.kind === 'start' && run.state === 'live') {
    const answer = await inSpan(options, 'deliver start', run, [first], () =>
      temporal.start({
        workflowId: run.workflowId,
        journey: run.journey,
        // JSON that this module wrote itself, when the run was decided.
        start: first.payload as StartArgs,
        personId: run.personId,
        runId: run.id,
      }),
    );
    if (answer.status === 'busy') {
      return postpone(options, due, busyRetryMs, new Error('the last run of this workflow id has not closed yet'));
    }
    onDelivered?.(deliveredOf(run, 'start', first));
    return settled([first.number], answer.temporalRunId);
  }
  // A run that ended before it was started need not start. Should a start have gone out all the same, it is told its
  // end here; and if it goes out later, its first call finds that it has ended.
  const told = withinSignalSize(items.filter((item) => item.kind !== 'start'));
  if (told.length > 0) {
    await inSpan(options, 'deliver signal', run, told, () =>
      temporal.tell({
        workflowId: run.workflowId,
        signal: { run: run.id, items: told.map((item) => item.payload as Told) },
      }),
    );
  }
  for (const item of told) onDelivered?.(deliveredOf(run, 'signal', item));
  const starts = items.filter((item) => item.kind === 'start');
  return settled([...starts, ...told].map((item) => item.number));
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
