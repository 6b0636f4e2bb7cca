/**
 * A journey asked for by name, with facts: one `trigger_requested` event through accept, decided at once. What was
 * accepted for that person earlier goes first, since deciding takes everything pending in order.
 */
import type { Clock } from '../clock';
import type { Db } from '../db';
import { StoreUnavailable } from '../errors';
import type { Accept } from '../events';
import { requestedEvent } from '../journey';
import { findPerson } from '../people';
import type { Decider } from './decide';

export interface TriggerRequest {
  journey: string;
  userId?: string;
  anonymousId?: string;
  messageId: string;
  /** `lastActivity`, if given, is in the stack's milliseconds. */
  facts: Record<string, unknown>;
  source: string;
}

/** `accepted`: committed, but not decided within the time that the caller waits. */
export type TriggerVerdict =
  { status: 'triggered'; run: string } | { status: 'no_action'; reason: string } | { status: 'accepted' };

interface Parts {
  db: Db;
  clock: Clock;
  accept: Accept;
  decider: Decider;
  /** Without a verdict after this long the answer is `accepted`; milliseconds. */
  verdictWithinMs?: number;
}

/** `triggered` means committed; Temporal may be down. Rejects with StoreUnavailable when nothing was accepted. */
export async function requestTrigger(parts: Parts, request: TriggerRequest): Promise<TriggerVerdict> {
  const { db, clock, accept, decider, verdictWithinMs = 2_000 } = parts;
  const { journey, userId, anonymousId, messageId, facts, source } = request;
  const [accepted] = await accept.accept([
    {
      type: 'track',
      name: requestedEvent,
      messageId,
      userId,
      anonymousId,
      properties: { ...facts, journey },
      occurredAt: clock.now(),
      source,
      planned: true,
      activity: false,
    },
  ]);
  if (!accepted) throw new StoreUnavailable('The store accepted nothing. Send the request again.');
  const verdict = async (): Promise<TriggerVerdict> => {
    await decider.decide([accepted.personId]);
    const theirs = !accepted.duplicate || (await isPerson(db, accepted.personId, request));
    const found = theirs ? await verdictOn(db, accepted.eventId, journey) : undefined;
    // The id was used before, for something or somebody else: what it asks for now is nothing new.
    return found ?? (accepted.duplicate ? { status: 'no_action', reason: 'duplicate' } : { status: 'accepted' });
  };
  const late = new Promise<TriggerVerdict>((resolve) => {
    setTimeout(resolve, verdictWithinMs, { status: 'accepted' }).unref();
  });
  // What was accepted will be decided, if not now then by the router.
  return Promise.race([verdict().catch((): TriggerVerdict => ({ status: 'accepted' })), late]);
}

/** Whether who is asked for is this person, or has become one with them. */
async function isPerson(db: Db, personId: string, { userId, anonymousId }: TriggerRequest): Promise<boolean> {
  const found = await findPerson(
    db,
    userId === undefined ? { kind: 'anonymous', value: anonymousId ?? '' } : { kind: 'user', value: userId },
  );
  return found !== undefined && found.ids.includes(personId);
}

/** The verdict on a request that was decided, or undefined while it is not. */
async function verdictOn(db: Db, eventId: string, journey: string): Promise<TriggerVerdict | undefined> {
  const rows = await db
    .selectFrom('decisions')
    .select(['verdict', 'reason', 'run_id'])
    .where('event_id', '=', eventId)
    .where('journey', '=', journey)
    .orderBy('number', 'desc')
    .execute();
  const entered = rows.find((row) => row.verdict === 'entered');
  if (entered?.run_id) return { status: 'triggered', run: entered.run_id };
  const refused = rows.find((row) => row.verdict === 'refused');
  return refused && { status: 'no_action', reason: refused.reason ?? 'refused' };
}
