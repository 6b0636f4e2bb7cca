/**
 * The ledger: one row for each send step of a run, and one for each attempt at it. It is what makes a send happen once
 * (P6): whoever wants to attempt holds a lease on the row, and only that lease's token can write the receipt.
 *
 *            ┌──────▶ held ◀──────┐                       may go later: a kill switch
 *            │         │          │
 *   (none) ──┼─────────┴▶ attempting ─────▶ sent ──▶ delivered
 *            │          ▲  │   │  │
 *            │  guard   │  │   │  └───────▶ failed        refused for good, or can't be rendered
 *            │  again   │  │   └─ certainly not sent ──▶ claimed ─┐
 *            │          ├──┼─────────────────────────────────────┘
 *            │          │  └─ no answer, or lease over ──▶ uncertain ──▶ sent (a late receipt, or an operator)
 *            │          └──────────── resend ─────────────────┘
 *            └──────▶ skipped                              the guard said no; also from claimed and held
 *
 * An uncertain send stays uncertain until something certain is known of it: no later verdict of the guard, and no refusal
 * of a later attempt, hides that it may have gone out.
 */
import { sql, type RawBuilder } from 'kysely';
import { statement, type Db, type SendState, type Tx } from '../db';
import { storableText, type SendOutcome, type SkipReason } from '../journey';

export interface LedgerRow {
  id: string;
  state: SendState;
  reason: string | null;
  why: Record<string, unknown> | null;
  attempts: number;
  /** Of the attempts so far, those of which nobody knows whether they went out. */
  uncertainAttempts: number;
  /** Wall milliseconds until the lease is over, by the database's clock; not above 0 when it is, or there is none. */
  leaseLeftMs: number;
}

export async function readLedger(
  db: Db | Tx,
  by: { stepKey: string } | { id: string },
): Promise<LedgerRow | undefined> {
  const { rows } = await ledgerRow('id' in by ? sql`s.id = ${by.id}` : sql`s.step_key = ${by.stepKey}`).execute(db);
  return rows[0];
}

/** A row of `sends s`, as `LedgerRow` has it. */
export function ledgerRow(which: RawBuilder<unknown>): RawBuilder<LedgerRow> {
  return sql<LedgerRow>`
    select s.id, s.state, s.reason, s.receipt -> 'why' as why, s.attempts,
      (select count(*)::int from sojourn.attempts a where a.send_id = s.id and a.outcome = 'uncertain') as "uncertainAttempts",
      coalesce(extract(epoch from s.lease_until - clock_timestamp()) * 1000, 0)::float8 as "leaseLeftMs"
    from sojourn.sends s where ${which}`;
}

/** What a row that will not change any more came to; undefined for all others. */
export function settledOutcome({ id, state, reason, why }: LedgerRow): SendOutcome | undefined {
  if (state === 'sent' || state === 'delivered') return { status: 'sent', id };
  if (state === 'failed') return { status: 'failed', id, reason: reason ?? 'unknown' };
  // Only the guard writes `skipped`, and only with a reason of its own.
  if (state === 'skipped') return { status: 'skipped', id, reason: reason as SkipReason, ...(why && { why }) };
  return undefined;
}

/** What stays the same through all attempts at a send. */
export interface SendIdentity {
  id: string;
  stepKey: string;
  runId: string;
  personId: string;
  journey: string;
  step: string;
  message: string;
  channel: string;
  topic?: string;
  kind: 'marketing' | 'transactional';
  props: Record<string, unknown>;
}

export interface LedgerChange {
  state: SendState;
  reason: string | null;
  why?: Record<string, unknown>;
  number: number;
  at: Date;
}

/** Writes a verdict that is not an attempt: skipped, held or failed. The person's lock is held. */
export async function writeVerdict(tx: Tx, send: SendIdentity, change: LedgerChange): Promise<void> {
  const fields = {
    state: change.state,
    reason: change.reason,
    number: String(change.number),
    receipt: change.why ? JSON.stringify({ why: change.why }) : null,
    settled_at: change.state === 'held' ? null : change.at,
    lease_until: null,
    lease_token: null,
  };
  await tx
    .insertInto('sends')
    .values({ ...rowOf(send, change.at), ...fields })
    .onConflict((conflict) => conflict.column('step_key').doUpdateSet(fields))
    .execute();
}

export interface Attempt {
  number: number;
  attempt: number;
  address: string;
  subject: string;
  provider: string;
  links: string[];
  leaseMs: number;
  token: string;
  at: Date;
}

type AttemptRow = ReturnType<typeof rowOf> & Attempt;

const claim = statement<AttemptRow, never>(
  (value) => sql`
    with claimed as (
      insert into sojourn.sends (id, step_key, run_id, person_id, journey, step, message, channel, topic, kind, props,
        created_at, state, number, attempts, address, subject, provider, lease_token, lease_until, attempted_at)
      values (${value.id}, ${value.step_key}, ${value.run_id}, ${value.person_id}, ${value.journey}, ${value.step},
        ${value.message}, ${value.channel}, ${value.topic}, ${value.kind}, ${value.props}::jsonb, ${value.created_at},
        'attempting', ${value.number}, ${value.attempt}, ${value.address}, ${value.subject}, ${value.provider},
        ${value.token}, clock_timestamp() + ${value.leaseMs} * interval '1 millisecond', ${value.at})
      on conflict (step_key) do update set state = excluded.state, reason = null, number = excluded.number,
        attempts = excluded.attempts, address = excluded.address, subject = excluded.subject,
        provider = excluded.provider, lease_token = excluded.lease_token, lease_until = excluded.lease_until,
        attempted_at = excluded.attempted_at, settled_at = null, receipt = null
    ), listed as (
      insert into sojourn.attempts (send_id, attempt, number, claimed_at)
      values (${value.id}, ${value.attempt}, ${value.number}, ${value.at})
    )
    insert into sojourn.links (send_id, position, url)
    select ${value.id}, nth - 1, url from unnest(${value.links}::text[]) with ordinality as x (url, nth)
    on conflict (send_id, position) do update set url = excluded.url`,
);

/** Claims the send for an attempt: from here on, it may go out. The person's lock is held. */
export async function writeAttempt(tx: Tx, send: SendIdentity, attempt: Attempt): Promise<void> {
  await claim(tx, { ...rowOf(send, attempt.at), ...attempt });
}

export interface AttemptEnd {
  sendId: string;
  attempt: number;
  token: string;
  state: 'sent' | 'failed' | 'claimed' | 'uncertain';
  /** What became of the attempt itself. */
  outcome: 'accepted' | 'refused' | 'not_sent' | 'uncertain';
  /** Goes into runs' histories too, so it names nobody. */
  reason?: string;
  /** All that is known of what went wrong; in the ledger only. */
  error?: string;
  providerId?: string;
  response?: string;
  at: Date;
}

const writeEnd = statement<Omit<AttemptEnd, 'response'> & { receipt?: string; settledAt?: Date }, { id: string }>(
  (end) => sql`
    with settled as (
      update sojourn.sends set state = ${end.state}, reason = ${end.reason}, lease_until = null,
        provider_id = ${end.providerId}, receipt = ${end.receipt}::jsonb, settled_at = ${end.settledAt}::timestamptz
      where id = ${end.sendId} and (lease_token = ${end.token} and state in ('attempting', 'uncertain')
        or state = 'uncertain' and ${end.outcome} = 'accepted')
      returning id
    ), ended as (
      update sojourn.attempts set outcome = ${end.outcome}, error = ${end.error}, wall_ended_at = clock_timestamp()
      where send_id = ${end.sendId} and attempt = ${end.attempt}
    )
    select id from settled`,
);

/**
 * Writes what an attempt came to, if its lease is still the row's: a row whose lease ended keeps the token until
 * another attempt is claimed, so that a late receipt still counts. That the message was accepted is certain, and so it
 * counts also after another attempt, while nothing certain is known of the send. Says whether it counted.
 */
export async function endAttempt(db: Db, { response: given, ...end }: AttemptEnd): Promise<boolean> {
  // A mail server's words may hold anything.
  const [reason, error, response] = [end.reason, end.error, given].map((text) => text && storableText(text));
  const receipt = response === undefined ? undefined : JSON.stringify({ response });
  const settledAt = end.state === 'claimed' ? undefined : end.at;
  return (await writeEnd(db, { ...end, reason, error, receipt, settledAt })).length > 0;
}

const leaseOver = 'the process that attempted it did not say what came of it';

/** Marks sends whose attempt's lease is over as uncertain: one, or all. Returns how many. */
export async function closeLapsedLeases(db: Db | Tx, at: Date, sendId?: string): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    with lapsed as (
      update sojourn.sends set state = 'uncertain', reason = ${leaseOver}, settled_at = ${at}
      where state = 'attempting' and lease_until <= clock_timestamp() ${sendId === undefined ? sql`` : sql`and id = ${sendId}`}
      returning id, attempts)
    update sojourn.attempts a set outcome = 'uncertain', error = ${leaseOver}, wall_ended_at = clock_timestamp()
    from lapsed where a.send_id = lapsed.id and a.attempt = lapsed.attempts returning lapsed.id`.execute(db);
  return rows.length;
}

function rowOf(send: SendIdentity, at: Date) {
  return {
    id: send.id,
    step_key: send.stepKey,
    run_id: send.runId,
    person_id: send.personId,
    journey: send.journey,
    step: send.step,
    message: send.message,
    channel: send.channel,
    topic: send.topic ?? null,
    kind: send.kind,
    props: JSON.stringify(send.props),
    created_at: at,
  };
}
