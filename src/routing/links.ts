/**
 * Settles what events say about who is who, before these events are decided: the two people are locked, runs that
 * both have live in one journey are brought down to the older one, and the people are merged.
 */
import { lockPeople, nextNumbers, type Db, type Tx } from '../db';
import type { Clock } from '../clock';
import { chooseSurvivor, merge, type Merged } from '../people';
import { endRuns } from '../runs';
import { enqueue } from './outbox';

/** Merges the people that pending events of these people link. A link of two known users is left alone. */
export async function settleLinks(db: Db, clock: Clock, personIds: string[], onDeliveries?: () => void): Promise<void> {
  const linked = await db
    .selectFrom('pending')
    .select(['event_id', 'person_id', 'links'])
    .where('person_id', 'in', personIds)
    .where('links', 'is not', null)
    .orderBy('event_id')
    .execute();
  for (const { event_id, person_id, links } of linked) {
    const other = (links as { personId?: unknown }).personId;
    const superseded = await db.transaction().execute(async (tx) => {
      const ended = typeof other === 'string' ? await mergeLinked(tx, clock, person_id, other) : 0;
      await tx.updateTable('pending').set({ links: null }).where('event_id', '=', event_id).execute();
      return ended;
    });
    if (superseded > 0) onDeliveries?.();
  }
}

async function mergeLinked(tx: Tx, clock: Clock, a: string, b: string): Promise<number> {
  const locked = await lockPeople(tx, [a, b]);
  const [first, second] = [locked.get(a)?.id, locked.get(b)?.id];
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
