/**
 * Settles what events say about who is who, before these events are decided: the two people are locked, runs that
 * both have live in one journey are brought down to the older one, and the people are merged.
 */
import { sql } from 'kysely';
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
}

/** The people whose pending events link them to one of these, who may have been merged: their events may turn out to be these people's. */
export async function peopleLinkedTo(db: Db, personIds: string[]): Promise<string[]> {
  const { rows } = await sql<{ person_id: string }>`
    with now as (select coalesce(merged_into, id) as id from sojourn.people where id = any(${idArray(personIds)}))
    select distinct person_id from sojourn.pending
    where links is not null and (links ->> 'personId')::bigint = any(array(
      select id from now union select p.id from sojourn.people p join now on p.merged_into = now.id))`.execute(db);
  return rows.map((row) => row.person_id);
}

/** Merges the people that these events link. A link of two known users is left alone. */
export async function settleLinks(db: Db, clock: Clock, links: Link[], onDeliveries?: () => void): Promise<void> {
  for (const { eventId, personId, otherId } of links) {
    const superseded = await withPeopleLocked(db, [personId, otherId], async (tx, people) => {
      const ended = await mergeLinked(tx, clock, people.get(personId)?.id, people.get(otherId)?.id);
      await tx.updateTable('pending').set({ links: null }).where('event_id', '=', eventId).execute();
      return ended;
    });
    if (superseded > 0) onDeliveries?.();
  }
}

async function mergeLinked(tx: Tx, clock: Clock, first?: string, second?: string): Promise<number> {
  if (first === undefined || second === undefined || first === second) return 0;
  const merged = await chooseSurvivor(tx, first, second);
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
