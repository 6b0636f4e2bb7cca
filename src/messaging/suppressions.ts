/** Addresses that nothing is sent to any more, kept as keyed hashes: an erased address stays suppressed, unreadably. */
import type { Db } from '../db';
import type { Signer } from './tokens';

export interface Suppression {
  address: string;
  reason: 'no_such_mailbox' | 'complaint' | 'operator';
  /** The stack's time. */
  at: Date;
}

/** The first reason for an address stays. */
export async function suppress(db: Db, signer: Signer, { address, reason, at }: Suppression): Promise<void> {
  await db
    .insertInto('suppressions')
    .values({ channel: 'email', address_hash: signer.addressHash(address), reason, created_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
