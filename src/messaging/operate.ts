/** What an operator may do with messages: pause one, and settle a send of which nobody knows whether it went out. */
import { sql } from 'kysely';
import type { Clock } from '../clock';
import type { Db } from '../db';
import type { SendOutcome } from '../journey';
import { pauseSetting } from './guard-facts';
import { readLedger, settledOutcome } from './ledger';
import type { Sender } from './send';

/** Sends of a paused message are held, and judged again when it is resumed. */
export async function pauseMessage(db: Db, messageId: string, paused: boolean): Promise<void> {
  const value = JSON.stringify({ paused });
  await db
    .insertInto('settings')
    .values({ name: pauseSetting(messageId), value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

/** The messages that are paused, by id. */
export async function pausedMessages(db: Db): Promise<string[]> {
  const prefix = pauseSetting('');
  const rows = await db
    .selectFrom('settings')
    .select('name')
    .where('name', 'like', `${prefix}%`)
    .where(sql<boolean>`(value -> 'paused')::boolean`)
    .orderBy('name')
    .execute();
  return rows.map(({ name }) => name.slice(prefix.length));
}

/**
 * Settles an uncertain send: it went out, it did not, or it is to be sent once more, if its run still lives.
 * Returns undefined when there is no such uncertain send.
 */
export async function settleUncertain(
  { db, clock, sender }: { db: Db; clock: Clock; sender: Sender },
  sendId: string,
  verdict: 'sent' | 'failed' | 'resend',
): Promise<SendOutcome | undefined> {
  if (verdict === 'resend') return resend(db, sender, sendId);
  const settled = await db
    .updateTable('sends')
    .set({ state: verdict, reason: 'settled by an operator', settled_at: new Date(clock.now()) })
    .where('id', '=', sendId)
    .where('state', '=', 'uncertain')
    .returning('id')
    .executeTakeFirst();
  const row = settled && (await readLedger(db, { id: sendId }));
  return row && settledOutcome(row);
}

async function resend(db: Db, sender: Sender, sendId: string): Promise<SendOutcome | undefined> {
  const row = await db
    .selectFrom('sends')
    .innerJoin('runs', 'runs.id', 'sends.run_id')
    .selectAll('sends')
    .select(['runs.number as run_number', 'runs.key as run_key'])
    .where('sends.id', '=', sendId)
    .where('sends.state', '=', 'uncertain')
    .executeTakeFirst();
  if (!row) return undefined;
  const { step, message, props, channel } = row;
  const run = {
    id: row.run_id,
    number: Number(row.run_number),
    journey: row.journey,
    key: row.run_key,
    personId: row.person_id,
  };
  return sender.resend({ run, position: 0, steps: [] }, { stepKey: row.step_key, step, message, props, channel });
}
