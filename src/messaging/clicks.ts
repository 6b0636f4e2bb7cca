/** What a tracked link is about, for whoever serves `/t/…`. The address it leads to is the store's, never the token's. */
import type { Db } from '../db';
import { ownMessageId, type IncomingEvent } from '../events';
import type { Signer } from './tokens';

export interface ClickedLink {
  sendId: string;
  /** Which of the message's links it is. */
  position: number;
  /** Whose run hears of it. */
  personId: string;
  runId: string;
  message: string;
  url: string;
}

/** Undefined for a token that is not ours, and for a send that is gone. */
export async function readClickedLink(db: Db, signer: Signer, token: string): Promise<ClickedLink | undefined> {
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
      'links.position',
      'links.url',
    ])
    .where('links.send_id', '=', click.sendId)
    .where('links.position', '=', click.position)
    .executeTakeFirst();
}

/** What `accept` is told of a click. */
export function clickOf({ sendId, position, message, runId, personId, url }: ClickedLink, at: number): IncomingEvent {
  return {
    type: 'track',
    name: 'message_clicked',
    messageId: clickId(sendId, position),
    personId,
    properties: { message_id: sendId, message, run_id: runId, url },
    occurredAt: at,
    source: 'message',
    planned: true,
    activity: false,
  };
}

/** The same link of the same message counts once. */
export function clickId(sendId: string, link: number | string): string {
  return ownMessageId('click', sendId, link);
}
