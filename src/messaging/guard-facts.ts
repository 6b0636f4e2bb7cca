/** What the guard reads, under the person's lock and after it: who, which run, what they chose, what they got. */
import { sql } from 'kysely';
import { isUnsettled, type Tx } from '../db';
import type { Carried, HeaderData, Outcome } from '../journey';
import { mailAddress, displayName } from './address';
import type { GuardInput, SendLimits } from './guard-rules';
import type { CompiledMessage } from './load-messages';
import type { Signer } from './tokens';

export interface GuardFacts {
  input: GuardInput;
  to?: { address: string; name?: string };
}

/** States in which a message went out, or may have: what caps and cooldowns count. */
const gone = ['attempting', 'sent', 'delivered', 'uncertain'] as const;

export interface Asked {
  carried: Carried;
  personId: string;
  messageId: string;
  message: Pick<CompiledMessage, 'definition' | 'topic'>;
  sendId: string;
  now: number;
  limits: SendLimits;
}

export async function hasPending(tx: Tx, personId: string): Promise<boolean> {
  const { rows } = await sql<{ unsettled: boolean }>`
    select ${isUnsettled(sql`${personId}::bigint`)} as unsettled`.execute(tx);
  return rows[0]?.unsettled ?? false;
}

export async function readFacts(tx: Tx, signer: Signer, asked: Asked): Promise<GuardFacts> {
  const { carried, personId, messageId, message, now, limits } = asked;
  const run = await readRun(tx, carried, messageId);
  const traits = await readTraits(tx, personId);
  const address = traits && mailAddress(traits.email);
  const { definition, topic } = message;
  const priority = run?.header.priority === 'high' ? 'high' : definition.priority;
  return {
    to: address === undefined ? undefined : { address, name: displayName(traits ?? {}) },
    input: {
      now,
      limits,
      run: run && { live: run.live, outcome: run.outcome ?? undefined, holdout: run.holdout, mode: run.mode },
      message: {
        kind: definition.kind,
        topic,
        capped: definition.capped,
        cooldownMs: definition.cooldownMs,
        priority,
        paused: run?.messagePaused ?? false,
      },
      person: traits && {
        address,
        suppressed: address === undefined ? undefined : await readSuppression(tx, signer.addressHash(address)),
        choices: await readChoices(tx, personId),
      },
      history: await readHistory(tx, asked),
    },
  };
}

interface RunFacts {
  live: boolean;
  outcome: Outcome | null;
  holdout: boolean;
  mode: 'live' | 'shadow' | 'paused';
  header: HeaderData;
  messagePaused: boolean;
}

/** The run under the number that it says it has; what an operator has set for its journey goes before its header. */
async function readRun(tx: Tx, { run }: Carried, messageId: string): Promise<RunFacts | undefined> {
  const { rows } = await sql<RunFacts>`
    select r.state = 'live' as live, r.outcome, r.holdout, coalesce(j.mode, r.mode) as mode, r.header,
      coalesce((select (value -> 'paused')::boolean from sojourn.settings where name = ${pauseSetting(messageId)}), false)
        as "messagePaused"
    from sojourn.runs r left join sojourn.journeys j on j.id = r.journey
    where r.id = ${run.id} and r.number = ${run.number}`.execute(tx);
  return rows[0];
}

async function readTraits(tx: Tx, personId: string): Promise<Record<string, unknown> | undefined> {
  const row = await tx.selectFrom('people').select('traits').where('id', '=', personId).executeTakeFirst();
  return row?.traits;
}

async function readChoices(
  tx: Tx,
  personId: string,
): Promise<{ topic: string; state: 'in' | 'out'; number: number }[]> {
  const rows = await tx
    .selectFrom('consents')
    .select(['topic', 'state', 'number'])
    .where('person_id', '=', personId)
    .execute();
  return rows.map((row) => ({ ...row, number: Number(row.number) }));
}

async function readSuppression(tx: Tx, addressHash: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('suppressions')
    .select('reason')
    .where('channel', '=', 'email')
    .where('address_hash', '=', addressHash)
    .executeTakeFirst();
  return row?.reason;
}

/** Other sends to this person; this one does not stand in its own way when it is attempted again. */
async function readHistory(tx: Tx, asked: Asked): Promise<GuardInput['history']> {
  const { personId, sendId, messageId, message, now, limits } = asked;
  const windowStart = new Date(now - limits.windowMs);
  const lookBack = new Date(now - Math.max(limits.windowMs, message.definition.cooldownMs ?? 0));
  const row = await tx
    .selectFrom('sends')
    .select((at) => [
      at.fn
        .countAll()
        .filterWhere('kind', '=', 'marketing')
        .filterWhere('attempted_at', '>', windowStart)
        .as('marketing'),
      at.fn.max('attempted_at').filterWhere('message', '=', messageId).as('last'),
    ])
    .where('person_id', '=', personId)
    .where('state', 'in', gone)
    .where('attempted_at', '>', lookBack)
    .where('id', '<>', sendId)
    .executeTakeFirstOrThrow();
  return { marketingInWindow: Number(row.marketing), lastOfMessageAt: row.last?.getTime() };
}

/** Where the kill switch of a message is kept. */
export function pauseSetting(messageId: string): string {
  return `message:${messageId}`;
}
