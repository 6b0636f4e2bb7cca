/** What the guard reads, under the person's lock and after it: who, which run, what they chose, what they got. */
import { sql } from 'kysely';
import { isUnsettled, statement, type Tx } from '../db';
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
  /** Whether nothing is sent to this address any more is read as well. */
  addressHash?: string;
  now: number;
  limits: SendLimits;
}

export interface GuardFacts {
  number: number;
  /** Events of the person are undecided. */
  pending: boolean;
  /** The step's row in the ledger. */
  row?: LedgerRow;
  /** All that is known but for suppressions, which are kept by address. */
  input: GuardInput;
  /** Why nothing is sent to the address that was asked about. */
  suppressed?: string;
  to?: { address: string; name?: string };
}

interface Row {
  number: string;
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
  suppressed: string | null;
  ledger: LedgerRow | null;
  marketing: number;
  last_of_message: Date | null;
}

interface Values {
  personId: string;
  runId: string;
  runNumber: number;
  stepKey: string;
  sendId: string;
  message: string;
  pauseSetting: string;
  addressHash: string | null;
  windowStart: Date;
  lookBack: Date;
}

const read = statement<Values, Row>(
  (value) => sql`
    select nextval('sojourn.number_seq') as number, ${isUnsettled(sql`${value.personId}::bigint`)} as pending, p.traits,
      (select coalesce(jsonb_agg(jsonb_build_object('topic', topic, 'state', state, 'number', number)), '[]')
        from sojourn.consents where person_id = ${value.personId}) as choices,
      r.state = 'live' as live, r.outcome, r.holdout, coalesce(j.mode, r.mode) as mode, r.header,
      coalesce((select (value -> 'paused')::boolean from sojourn.settings where name = ${value.pauseSetting}), false)
        as message_paused,
      (select reason from sojourn.suppressions where channel = 'email' and address_hash = ${value.addressHash}) as suppressed,
      case when s.id is not null then to_jsonb(s) end as ledger, h.marketing, h.last_of_message
    from (select 1) as one
    left join sojourn.people p on p.id = ${value.personId}
    left join sojourn.runs r on r.id = ${value.runId} and r.number = ${value.runNumber}
    left join sojourn.journeys j on j.id = r.journey
    left join lateral (${ledgerRow(sql`s.step_key = ${value.stepKey}`)}) as s on true
    cross join lateral (
      -- Other sends to this person; this one does not stand in its own way when it is attempted again.
      select count(*) filter (where kind = 'marketing' and attempted_at > ${value.windowStart})::int as marketing,
        max(attempted_at) filter (where message = ${value.message}) as last_of_message
      from sojourn.sends where person_id = ${value.personId} and state in (${sql.join(gone.map((state) => sql.lit(state)))})
        and attempted_at > ${value.lookBack} and id <> coalesce(s.id, ${value.sendId})) as h`,
);

/**
 * In one statement, which must come after the person was locked by another. Its number is drawn while it reads what stood
 * when it began, and that is in order: whoever ends something of this person, or attempts a send to them, draws the number
 * under the same lock. What had the lock before is committed, so it is seen here and has a lower number; and
 * what comes after this transaction gets a higher one.
 */
export async function readFacts(tx: Tx, asked: Asked): Promise<GuardFacts> {
  const { carried, request, personId, message, sendId, addressHash = null, now, limits } = asked;
  const [row] = await read(tx, {
    personId,
    runId: carried.run.id,
    runNumber: carried.run.number,
    stepKey: request.stepKey,
    sendId,
    message: request.message,
    pauseSetting: pauseSetting(request.message),
    addressHash,
    windowStart: new Date(now - limits.windowMs),
    lookBack: new Date(now - Math.max(limits.windowMs, message.definition.cooldownMs ?? 0)),
  });
  return factsOf(row!, asked); // the one row that it is left joined to
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
    number: Number(row.number),
    suppressed: row.suppressed ?? undefined,
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
