/**
 * Settles what events say about who is who, before these events are decided: the two people are locked, runs that
 * both have live in one journey are brought down to the older one, and the people are merged.
 */
import { sql, type RawBuilder } from 'kysely';
import { idArray, nextNumbers, withPeopleLocked, type Db, type Tx } from '../db';
import type { Clock } from '../clock';
import { chooseSurvivor, merge, type Merged } from '../people';
import { endRuns } from '../runs';
import { enqueue } from './outbox';

/** A pending event that says two people to be one. */
export interface Link {
  eventId: string;
  /** Whose event it is. */
  personId: string;
  otherId: string;
  /** It may join two known users. */
  joinsUsers: boolean;
}

/** As `pending` keeps it. */
export interface LinkRow {
  event_id: string;
  person_id: string;
  links: { personId: string; joinsUsers?: true };
}

/** Each once, in the order of the events. */
export function linksOf(rows: LinkRow[]): Link[] {
  const links = new Map(
    rows.map(({ event_id: eventId, person_id, links: { personId: otherId, joinsUsers = false } }) => [
      eventId,
      { eventId, personId: person_id, otherId, joinsUsers },
    ]),
  );
  return [...links.values()].sort((a, b) => Number(BigInt(a.eventId) - BigInt(b.eventId)));
}

/** The rows of pending events, of whomever, that say somebody to be one of these people, or who was merged into them. */
export function linksTo(canonical: RawBuilder<unknown>): RawBuilder<LinkRow> {
  return sql`select event_id::text, person_id::text, links from sojourn.pending
    where links is not null and (links ->> 'personId')::bigint = any(array(
      select id from sojourn.people where id = any(${canonical}) or merged_into = any(${canonical})))`;
}

/** Of these people, who may have been merged: what others report may turn out to be theirs. */
export async function readLinksTo(db: Db, personIds: string[]): Promise<Link[]> {
  const canonical = sql`array(select coalesce(merged_into, id) from sojourn.people where id = any(${idArray(personIds)}))`;
  const { rows } = await linksTo(canonical).execute(db);
  return linksOf(rows);
}

/** Merges the people that these links name, in this order. One of two known users is left alone, unless it may join them. */
export async function settleLinks(db: Db, clock: Clock, links: Link[], onDeliveries?: () => void): Promise<void> {
  for (const { eventId, personId, otherId, joinsUsers } of links) {
    const superseded = await withPeopleLocked(db, [personId, otherId], async (tx, people) => {
      const ended = await mergeLinked(tx, clock, [people.get(personId)?.id, people.get(otherId)?.id], joinsUsers);
      await tx.updateTable('pending').set({ links: null }).where('event_id', '=', eventId).execute();
      return ended;
    });
    if (superseded > 0) onDeliveries?.();
  }
}

async function mergeLinked(
  tx: Tx,
  clock: Clock,
  [first, second]: (string | undefined)[],
  joinsUsers: boolean,
): Promise<number> {
  if (first === undefined || second === undefined || first === second) return 0;
  const merged = await chooseSurvivor(tx, [first, second], { joinsUsers });
  if (!merged) return 0;
  const superseded = await supersedeYoungerRuns(tx, clock, merged);
  await merge(tx, merged);
  return superseded;
}

async function supersedeYoungerRuns(tx: Tx, clock: Clock, { survivor, absorbed }: Merged): Promise<number> {
  const live = await tx
    .selectFrom('runs')
    .select(['id', 'journey', 'key'])
    .where('person_id', 'in', [survivor, absorbed])
    .where('state', '=', 'live')
    .orderBy('started_at')
    .orderBy('id')
    .execute();
  const older = new Set<string>();
  const younger = live.filter(({ journey, key }) => {
    const name = `${journey}/${key}`;
    return older.has(name) || !older.add(name);
  });
  const numbers = await nextNumbers(tx, younger.length);
  const ends = younger.map(({ id }, index) => ({
    runId: id,
    number: numbers[index]!,
    ending: { outcome: 'superseded' as const, reason: 'merged with an older run', at: clock.now() },
  }));
  await endRuns(tx, ends);
  await enqueue(
    tx,
    ends.map(({ runId, number, ending }) => ({
      number,
      runId,
      kind: 'end',
      payload: { n: number, kind: 'end', ending },
    })),
  );
  return ends.length;
}
