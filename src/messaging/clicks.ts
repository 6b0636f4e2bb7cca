/** What a tracked link is about, for whoever serves `/t/…`. The address it leads to is the store's, never the token's. */
import type { Db } from '../db';
import type { Signer } from './tokens';

export interface TrackedMessage {
  sendId: string;
  /** Whose run hears of it. */
  personId: string;
  runId: string;
  message: string;
}

/** Undefined for a token that is not ours, and for a send that is gone. */
export async function readClickedLink(
  db: Db,
  signer: Signer,
  token: string,
): Promise<(TrackedMessage & { url: string }) | undefined> {
  const click = signer.readClick(token);
  if (!click) return undefined;
  return db
    .selectFrom('links')
    .innerJoin('sends', 'sends.id', 'links.send_id')
    .select([
      'sends.id as sendId',
      'sends.person_id as personId',
      'sends.run_id as runId',
      'sends.message',
      'links.url',
    ])
    .where('links.send_id', '=', click.sendId)
    .where('links.position', '=', click.position)
    .executeTakeFirst();
}
