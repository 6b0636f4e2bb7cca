/**
 * From what an event calls its person (`userId`, `anonymousId`) to the person. Unknown ones are made. An id that is
 * known never moves to another person here: two ids that turn out to be one person are a link, decided under the lock.
 */
import { sql } from 'kysely';
import type { Clock } from '../clock';
import type { Db } from '../db';
import type { IncomingEvent } from './incoming';

export interface Identified {
  personId: string;
  /** Another person whom this event says to be the same. */
  links?: { personId: string };
}

type Kind = 'user' | 'anonymous';
const cacheSize = 100_000;

export interface Identities {
  resolve(events: IncomingEvent[]): Promise<Identified[]>;
}

export function createIdentities(db: Db, clock: Clock): Identities {
  /** Ids never change their person but by a merge: what an event links by the cache is looked up again. */
  const cache = new Map<string, string>();

  function remember(kind: Kind, value: string, personId: string): void {
    if (cache.size >= cacheSize) {
      const oldest = cache.keys().next();
      if (!oldest.done) cache.delete(oldest.value);
    }
    cache.set(`${kind}:${value}`, personId);
  }

  /** Adds the people of these ids to `ids`, making those that are unknown; `owners` says whose a new id is. */
  async function ensure(
    kind: Kind,
    values: string[],
    ids: Map<string, string>,
    owners = new Map<string, string>(),
  ): Promise<void> {
    const missing: string[] = [];
    for (const value of new Set(values)) {
      const personId = cache.get(`${kind}:${value}`);
      if (personId === undefined) missing.push(value);
      else ids.set(`${kind}:${value}`, personId);
    }
    if (missing.length === 0) return;
    missing.sort();
    const owned = missing.map((value) => owners.get(value) ?? null);
    const now = new Date(clock.now());
    // In one order everywhere, so that two processes that meet the same new ids wait, and do not deadlock.
    await sql`
      with input as materialized (
        select value, owner from unnest(${missing}::text[], ${owned}::bigint[]) as x (value, owner)
      ), added as (
        insert into sojourn.person_ids (kind, value, person_id)
        select ${kind}, i.value, coalesce(i.owner, nextval('sojourn.people_id_seq'))
        from input i left join sojourn.person_ids p on p.kind = ${kind} and p.value = i.value
        where p.value is null order by i.value
        on conflict do nothing
        returning value, person_id
      )
      insert into sojourn.people (id, user_id, first_seen_at)
      select person_id, ${kind === 'user' ? sql`value` : sql`null::text`}, ${now}
      from added join input using (value) where owner is null`.execute(db);
    await lookUp(kind, missing, ids);
  }

  async function lookUp(kind: Kind, values: string[], ids: Map<string, string>): Promise<void> {
    const found = await db
      .selectFrom('person_ids')
      .select(['value', 'person_id'])
      .where('kind', '=', kind)
      .where('value', 'in', values)
      .execute();
    for (const row of found) {
      ids.set(`${kind}:${row.value}`, row.person_id);
      remember(kind, row.value, row.person_id);
    }
  }

  return {
    async resolve(events) {
      const ids = new Map<string, string>();
      await ensure(
        'user',
        events.flatMap((event) => event.userId ?? []),
        ids,
      );
      // A new anonymous id that comes with a user id is that user's, without ever having been somebody else's.
      const owners = new Map<string, string>();
      for (const event of events) {
        const owner = event.userId === undefined ? undefined : ids.get(`user:${event.userId}`);
        if (owner !== undefined) for (const value of anonymousIds(event)) owners.set(value, owner);
      }
      await ensure('anonymous', events.flatMap(anonymousIds), ids, owners);
      // A device that was linked to its user is linked no more, whatever this process remembers of it.
      const linked = events.filter((event) => identify(event, ids).links).flatMap(anonymousIds);
      if (linked.length > 0) await lookUp('anonymous', [...new Set(linked)], ids);
      return events.map((event) => identify(event, ids));
    },
  };
}

/** What an alias says of its previous id goes before the device that it came from. */
function anonymousIds({ anonymousId, previousId }: IncomingEvent): string[] {
  return [previousId, anonymousId].filter((id) => id !== undefined);
}

function identify(event: IncomingEvent, ids: Map<string, string>): Identified {
  if (event.personId !== undefined) return { personId: event.personId };
  const people = [
    event.userId === undefined ? undefined : ids.get(`user:${event.userId}`),
    ...anonymousIds(event).map((value) => ids.get(`anonymous:${value}`)),
  ].filter((id) => id !== undefined);
  const [personId, ...others] = people;
  if (personId === undefined) throw new Error('an event without a person reached the store');
  const other = others.find((id) => id !== personId);
  return other === undefined ? { personId } : { personId, links: { personId: other } };
}
