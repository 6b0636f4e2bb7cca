/**
 * From what an event calls its person (`userId`, `anonymousId`) to the person. Unknown ones are made. An id that is
 * known never moves to another person here: two ids that turn out to be one person are a link, decided under the lock.
 */
import { sql } from 'kysely';
import type { Clock } from '../clock';
import { textArray, type Db } from '../db';
import type { IncomingEvent } from './incoming';

export interface Identified {
  personId: string;
  /** Another person whom this event says to be the same. */
  links?: { personId: string };
}

type Kind = 'user' | 'anonymous';

/** What an event calls its person. */
export interface Called {
  kind: Kind;
  value: string;
}

export const keyOf = ({ kind, value }: Called): string => `${kind}:${value}`;

/** A person; or what a stranger is called, who may be in the store and may not. */
export type Whose =
  (Identified & { stranger?: undefined }) | { stranger: Called; personId?: undefined; links?: undefined };

const cacheSize = 100_000;

export interface Identities {
  /**
   * Whose each of these is. Asks the store about events with several ids of which one is unknown, or that are ids of two
   * people, and makes their people known. Rejects with PostgreSQL's error.
   */
  identify(events: readonly IncomingEvent[]): Promise<Whose[]>;
  /** People by the keys of their ids, as the store has them. */
  remember(people: ReadonlyMap<string, string>): void;
}

export function createIdentities(db: Db, clock: Clock): Identities {
  /** Ids never change their person but by a merge: what an event links by the cache is looked up again. */
  const cache = new Map<string, string>();

  function remember(key: string, personId: string): void {
    if (cache.size >= cacheSize) {
      const oldest = cache.keys().next();
      if (!oldest.done) cache.delete(oldest.value);
    }
    cache.set(key, personId);
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
    const input = missing.map((value) => ({ value, owner: owners.get(value) }));
    const now = new Date(clock.now());
    // In one order everywhere, so that two processes that meet the same new ids wait, and do not deadlock.
    const { rows } = await sql<{ value: string; person_id: string }>`
      with input as materialized (
        select value, owner,
          (select person_id from sojourn.person_ids as known where known.kind = ${kind} and known.value = new.value)
        from jsonb_to_recordset(${JSON.stringify(input)}::jsonb) as new (value text, owner bigint)
      ), added as (
        insert into sojourn.person_ids (kind, value, person_id)
        select ${kind}, value, coalesce(owner, nextval('sojourn.people_id_seq'))
        from input where person_id is null order by value
        on conflict do nothing
        returning value, person_id
      ), made as (
        insert into sojourn.people (id, user_id, first_seen_at)
        select person_id, ${kind === 'user' ? sql`value` : sql`null::text`}, ${now}
        from added where person_id not in (select owner from input where owner is not null)
      )
      select value, person_id from input where person_id is not null
      union all select value, person_id from added`.execute(db);
    note(kind, rows, ids);
    // Another process made them meanwhile, which this statement does not see.
    const unseen = missing.filter((value) => !ids.has(`${kind}:${value}`));
    if (unseen.length > 0) await lookUp(kind, unseen, ids);
  }

  async function lookUp(kind: Kind, values: string[], ids: Map<string, string>): Promise<void> {
    const rows = await db
      .selectFrom('person_ids')
      .select(['value', 'person_id'])
      .where('kind', '=', kind)
      .where('value', '=', sql<string>`any(${textArray(values)})`)
      .execute();
    note(kind, rows, ids);
  }

  function note(kind: Kind, rows: { value: string; person_id: string }[], ids: Map<string, string>): void {
    for (const { value, person_id } of rows) {
      ids.set(keyOf({ kind, value }), person_id);
      remember(keyOf({ kind, value }), person_id);
    }
  }

  /** Without asking the store; undefined where it must be asked. */
  function recall(event: IncomingEvent): Whose | undefined {
    const ids = event.personId === undefined ? idsOf(event) : [];
    const unknown = ids.find((id) => !cache.has(keyOf(id)));
    if (unknown) return ids.length > 1 ? undefined : { stranger: unknown };
    const person = identifiedBy(event, cache);
    // A device that was linked to its user is linked no more, whatever this process remembers of it.
    return person.links ? undefined : person;
  }

  async function resolve(events: readonly IncomingEvent[]): Promise<Identified[]> {
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
    // The cache may be older than a merge: the store knows whether it still is a link.
    const linked = events.filter((event) => identifiedBy(event, ids).links).flatMap(anonymousIds);
    if (linked.length > 0) await lookUp('anonymous', [...new Set(linked)], ids);
    return events.map((event) => identifiedBy(event, ids));
  }

  return {
    async identify(events) {
      const recalled = events.map(recall);
      const asked = events.filter((_, index) => !recalled[index]);
      if (asked.length === 0) return recalled.filter((whose) => whose !== undefined);
      const resolved = (await resolve(asked)).values();
      return recalled.flatMap((whose) => whose ?? resolved.next().value ?? []);
    },
    remember(people) {
      for (const [key, personId] of people) remember(key, personId);
    },
  };
}

/** What an alias says of its previous id goes before the device that it came from. */
function anonymousIds({ anonymousId, previousId }: IncomingEvent): string[] {
  return [previousId, anonymousId].filter((id) => id !== undefined);
}

/** What it calls its person, the first going before the others. */
function idsOf(event: IncomingEvent): Called[] {
  const anonymous = anonymousIds(event).map((value): Called => ({ kind: 'anonymous', value }));
  return event.userId === undefined ? anonymous : [{ kind: 'user', value: event.userId }, ...anonymous];
}

function identifiedBy(event: IncomingEvent, ids: ReadonlyMap<string, string>): Identified {
  if (event.personId !== undefined) return { personId: event.personId };
  const people = idsOf(event)
    .map((id) => ids.get(keyOf(id)))
    .filter((id) => id !== undefined);
  const [personId, ...others] = people;
  if (personId === undefined) throw new Error('an event without a person reached the store');
  const other = others.find((id) => id !== personId);
  return other === undefined ? { personId } : { personId, links: { personId: other } };
}
