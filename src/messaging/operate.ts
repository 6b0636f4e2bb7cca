/** What an operator may do with messages: pause one, and settle a send of which nobody knows whether it went out. */
import { sql } from 'kysely';
import { recordChange, type Actor, type Change } from '../audit';
import type { Clock } from '../clock';
import { inTransaction, type Db, type Tx } from '../db';
import type { SendOutcome } from '../journey';
import { pauseSetting } from './guard-facts';
import { readLedger, settledOutcome } from './ledger';
import type { Sender } from './send';

interface Operating {
  db: Db;
  clock: Clock;
}

/** Sends of a paused message are held, and judged again when it is resumed. Undefined when it was so already. */
export async function pauseMessage(
  { db, clock }: Operating,
  messageId: string,
  paused: boolean,
  by: Actor,
): Promise<Change | undefined> {
  const name = pauseSetting(messageId);
  return inTransaction(db, async (tx) => {
    await tx
      .insertInto('settings')
      .values({ name, value: JSON.stringify({ paused: false }) })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
    const changed = await tx
      .updateTable('settings')
      .set({ value: JSON.stringify({ paused }) })
      .where('name', '=', name)
      .where(sql<boolean>`(value -> 'paused')::boolean <> ${paused}`)
      .returning('name')
      .executeTakeFirst();
    if (!changed) return undefined;
    const [from, to] = paused ? ['live', 'paused'] : ['paused', 'live'];
    const change: Change = { kind: 'template', subject: messageId, from, to };
    await recordChange(tx, clock, by, change);
    return change;
  });
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
  { db, clock, sender }: Operating & { sender: Sender },
  sendId: string,
  verdict: 'sent' | 'failed' | 'resend',
  by: Actor,
): Promise<SendOutcome | undefined> {
  const note = (tx: Tx, about: { message: string; journey: string }) =>
    recordChange(tx, clock, by, { kind: 'message', subject: sendId, from: 'uncertain', to: verdict, about });
  if (verdict === 'resend') return resend(db, sender, sendId, note);
  const settled = await inTransaction(db, async (tx) => {
    const row = await tx
      .updateTable('sends')
      .set({ state: verdict, reason: 'settled by an operator', settled_at: new Date(clock.now()) })
      .where('id', '=', sendId)
      .where('state', '=', 'uncertain')
      .returning(['message', 'journey'])
      .executeTakeFirst();
    if (row) await note(tx, row);
    return row;
  });
  const row = settled && (await readLedger(db, { id: sendId }));
  return row && settledOutcome(row);
}

async function resend(
  db: Db,
  sender: Sender,
  sendId: string,
  note: (tx: Tx, about: { message: string; journey: string }) => Promise<void>,
): Promise<SendOutcome | undefined> {
  const row = await db
    .selectFrom('sends')
    .innerJoin('runs', 'runs.id', 'sends.run_id')
    .selectAll('sends')
    .select(['runs.number as run_number', 'runs.key as run_key'])
    .where('sends.id', '=', sendId)
    .where('sends.state', '=', 'uncertain')
    .executeTakeFirst();
  if (!row) return undefined;
  const { step, message, props, channel, journey } = row;
  const run = {
    id: row.run_id,
    number: Number(row.run_number),
    journey,
    key: row.run_key,
    personId: row.person_id,
  };
  const request = { stepKey: row.step_key, step, message, props, channel };
  return sender.resend({ run, position: 0, steps: [] }, request, (tx) => note(tx, { message, journey }));
}
