/**
 * What a send begins with: what the ledger has of its step, and whom it is for while its run lives. Whoever reads the run
 * first may read this with it. The guard reads what counts again, under the person's lock.
 */
import { sql, type RawBuilder } from 'kysely';
import type { CheckContext } from '../behaviour';
import { statement, type Db } from '../db';
import type { Carried, JourneyEvent, SendRequest } from '../journey';
import { ledgerRow, type LedgerRow } from './ledger';

export interface Background {
  /** The step's row in the ledger. */
  row?: LedgerRow;
  recipient?: Recipient;
}

export interface Recipient {
  person: CheckContext['person'];
  trigger: JourneyEvent;
}

export interface BackgroundRow {
  live: boolean | null;
  recipient_id: string | null;
  user_id: string | null;
  traits: Record<string, unknown> | null;
  trigger: JourneyEvent | null;
  ledger: LedgerRow | null;
}

/** Of `runs r`, and of what `backgroundJoins` joins to it. */
export const backgroundColumns = sql`r.state = 'live' as live, recipient.id as recipient_id, recipient.user_id,
  recipient.traits, r.trigger, case when s.id is not null then to_jsonb(s) end as ledger`;

export function backgroundJoins(stepKey: RawBuilder<string>): RawBuilder<unknown> {
  return sql`
    left join sojourn.people asked on asked.id = r.person_id
    left join sojourn.people recipient on recipient.id = coalesce(asked.merged_into, asked.id)
    left join lateral (${ledgerRow(sql`s.step_key = ${stepKey}`)}) as s on true`;
}

export function backgroundOf({ live, recipient_id: id, user_id, traits, trigger, ledger }: BackgroundRow): Background {
  const recipient =
    live && id !== null && traits !== null && trigger !== null
      ? { person: { id, userId: user_id ?? undefined, traits }, trigger }
      : undefined;
  return { row: ledger ?? undefined, recipient };
}

const read = statement<{ runId: string; runNumber: number; stepKey: string }, BackgroundRow>(
  ({ runId, runNumber, stepKey }) => sql`
    select ${backgroundColumns} from (select 1) as one
    left join sojourn.runs r on r.id = ${runId} and r.number = ${runNumber} ${backgroundJoins(stepKey)}`,
);

export async function readBackground(db: Db, { run }: Carried, { stepKey }: SendRequest): Promise<Background> {
  const [row] = await read(db, { runId: run.id, runNumber: run.number, stepKey });
  return backgroundOf(row!); // the one row that it is left joined to
}
