/** The end of a send that has been retried for as long as it may be: what the ledger knows of it, or `failed`. */
import type { Clock } from '../clock';
import { nextNumbers, withPeopleLocked, type Db } from '../db';
import { RetryLater } from '../errors';
import type { RunRef, SendOutcome, SendRequest } from '../journey';
import { closeLapsedLeases, readLedger, settledOutcome } from './ledger';
import type { Signer } from './tokens';

export interface GiveUpDeps {
  db: Db;
  clock: Clock;
  signer: Signer;
}

/**
 * From then on nothing is attempted for this step. Throws `RetryLater` while an attempt is under way: it may still
 * succeed. Without a row no attempt was ever claimed, and none is written: nobody knows what the message was about.
 */
export async function giveUpSend(
  { db, clock, signer }: GiveUpDeps,
  run: Pick<RunRef, 'personId'>,
  { step, stepKey }: Pick<SendRequest, 'step' | 'stepKey'>,
  reason: string,
): Promise<SendOutcome> {
  return withPeopleLocked(db, [run.personId], async (tx): Promise<SendOutcome> => {
    const [number] = await nextNumbers(tx, 1);
    await closeLapsedLeases(tx, new Date(clock.now()), (await readLedger(tx, { stepKey }))?.id ?? '');
    const row = await readLedger(tx, { stepKey });
    if (!row) return { status: 'failed', id: signer.sendId(stepKey), reason };
    const settled = settledOutcome(row);
    if (settled) return settled;
    if (row.state === 'uncertain') return { status: 'uncertain', id: row.id };
    if (row.state === 'attempting') throw new RetryLater(`${step} is being attempted`, Math.ceil(row.leaseLeftMs));
    await tx
      .updateTable('sends')
      .set({ state: 'failed', reason, number: String(number), settled_at: new Date(clock.now()) })
      .where('id', '=', row.id)
      .execute();
    return { status: 'failed', id: row.id, reason };
  });
}
