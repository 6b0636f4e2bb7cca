/** What the guard reads, under the person's lock and after it: who, which run, what they chose, what they got. */
import { sql } from 'kysely';
import { isUnsettled, type Tx } from '../db';
import type { Carried, HeaderData, Outcome } from '../journey';
import { mailAddress, displayName } from './address';
import type { GuardInput, SendLimits } from './guard-rules';
import { ledgerRow, type LedgerRow } from './ledger';
import type { CompiledMessage } from './load-messages';
import type { Choice } from './topics';

/** States in which a message went out, or may have: what caps and cooldowns count. */
const gone = ['attempting', 'sent', 'delivered', 'uncertain'] as const;

export interface Asked {
  carried: Carried;
  request: { stepKey: string; message: string };
  personId: string;
  message: Pick<CompiledMessage, 'definition' | 'topic'>;
  sendId: string;
  now: number;
  limits: SendLimits;
}

export interface GuardFacts {
  /** Events of the person are undecided. */
  pending: boolean;
  /** The step's row in the ledger. */
  row?: LedgerRow;
  /** All that is known but for suppressions, which are kept by address. */
  input: GuardInput;
  to?: { address: string; name?: string };
}

interface Row {
  pending: boolean;
  traits: Record<string, unknown> | null;
  choices: Choice[];
  /** Null when there is no such run under the number that it says it has. */
  live: boolean | null;
  outcome: Outcome | null;
  holdout: boolean;
  /** What an operator has set for the journey goes before its header. */
  mode: 'live' | 'shadow' | 'paused';
  header: HeaderData;
  message_paused: boolean;
  ledger: LedgerRow | null;
  marketing: number;
  last_of_message: Date | null;
}

/** In one statement, which sees all that was committed before the person was locked. */
export async function readFacts(tx: Tx, asked: Asked): Promise<GuardFacts> {
  const { carried, request, personId, message, sendId, now, limits } = asked;
  const { run } = carried;
  const windowStart = new Date(now - limits.windowMs);
  const lookBack = new Date(now - Math.max(limits.windowMs, message.definition.cooldownMs ?? 0));
  const { rows } = await sql<Row>`
    select ${isUnsettled(sql`${personId}::bigint`)} as pending, p.traits,
      (select coalesce(jsonb_agg(jsonb_build_object('topic', topic, 'state', state, 'number', number)), '[]')
        from sojourn.consents where person_id = ${personId}) as choices,
      r.state = 'live' as live, r.outcome, r.holdout, coalesce(j.mode, r.mode) as mode, r.header,
      coalesce((select (value -> 'paused')::boolean from sojourn.settings
        where name = ${pauseSetting(request.message)}), false) as message_paused,
      case when s.id is not null then to_jsonb(s) end as ledger, h.marketing, h.last_of_message
    from (select 1) as one
    left join sojourn.people p on p.id = ${personId}
    left join sojourn.runs r on r.id = ${run.id} and r.number = ${run.number}
    left join sojourn.journeys j on j.id = r.journey
    left join lateral (${ledgerRow(sql`s.step_key = ${request.stepKey}`)}) as s on true
    cross join lateral (
      -- Other sends to this person; this one does not stand in its own way when it is attempted again.
      select count(*) filter (where kind = 'marketing' and attempted_at > ${windowStart})::int as marketing,
        max(attempted_at) filter (where message = ${request.message}) as last_of_message
      from sojourn.sends where person_id = ${personId} and state = any(${gone}) and attempted_at > ${lookBack}
        and id <> coalesce(s.id, ${sendId})) as h`.execute(tx);
  return factsOf(rows[0]!, asked); // the one row that it is left joined to
}

function factsOf(row: Row, { message, now, limits }: Asked): GuardFacts {
  const { traits } = row;
  const address = traits ? mailAddress(traits.email) : undefined;
  const { definition, topic } = message;
  const run =
    row.live === null
      ? undefined
      : { live: row.live, outcome: row.outcome ?? undefined, holdout: row.holdout, mode: row.mode };
  return {
    pending: row.pending,
    row: row.ledger ?? undefined,
    to: address === undefined ? undefined : { address, name: displayName(traits ?? {}) },
    input: {
      now,
      limits,
      run,
      message: {
        kind: definition.kind,
        topic,
        capped: definition.capped,
        cooldownMs: definition.cooldownMs,
        priority: run && row.header.priority === 'high' ? 'high' : definition.priority,
        paused: row.message_paused,
      },
      person: traits ? { address, choices: row.choices } : undefined,
      history: { marketingInWindow: row.marketing, lastOfMessageAt: row.last_of_message?.getTime() },
    },
  };
}

/** Why nothing is sent to this address any more; undefined where something may be. */
export async function readSuppression(tx: Tx, addressHash: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('suppressions')
    .select('reason')
    .where('channel', '=', 'email')
    .where('address_hash', '=', addressHash)
    .executeTakeFirst();
  return row?.reason;
}

/** Where the kill switch of a message is kept. */
export function pauseSetting(messageId: string): string {
  return `message:${messageId}`;
}
