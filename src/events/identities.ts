/**
 * From what an event calls its person (`userId`, `anonymousId`) to the person. Unknown ones are made. An id that is
 * known never moves to another person here: two ids that turn out to be one person are a link, decided under the lock.
 */
import { sql } from 'kysely';
import type { Clock } from '../clock';
import { textArray, type Db } from '../db';
import type { IncomingEvent } from './incoming';
import { identifying, keyOf, type Called, type IdentifiedRow, type Stranger } from './strangers';

export interface Identified {
  personId: string;
  /** Another person whom this event says to be the same; `joinsUsers` when it may say so of two known users. */
  links?: { personId: string; joinsUsers?: true };
}

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

  /** Adds the people of these ids to `people`, making those that are unknown; `owners` says whose a new id is. */
  async function ensure(ids: Called[], people: Map<string, string>, owners?: Map<string, string>): Promise<void> {
    const missing = new Map<string, Stranger>();
    for (const id of ids) {
      const key = keyOf(id);
      const personId = cache.get(key);
      if (personId === undefined) missing.set(key, { ...id, owner: owners?.get(key) });
      else people.set(key, personId);
    }
    if (missing.size === 0) return;
    const { rows } = await sql<IdentifiedRow>`
      with ${identifying([...missing.values()], new Date(clock.now()))}
      select key, person_id from identified`.execute(db);
    for (const { key, person_id } of rows) {
      people.set(key, person_id);
      remember(key, person_id);
    }
  }

  /** Without asking the store; undefined where it must be asked. */
  function recall(event: IncomingEvent, formerUsers: ReadonlySet<string>): Whose | undefined {
    // Whether the previous id is a user's, only the store knows.
    if (event.joinsUsers) return undefined;
    const ids = event.personId === undefined ? idsOf(event, cache) : [];
    const unknown = ids.find((id) => !cache.has(keyOf(id)));
    // Who is aliased beside it must be known by then.
    if (unknown) return ids.length > 1 || formerUsers.has(keyOf(unknown)) ? undefined : { stranger: unknown };
    const person = identifiedBy(event, cache);
    // A device that was linked to its user is linked no more, whatever this process remembers of it.
    return person.links ? undefined : person;
  }

  /** Adds to `people` those of these who are known. */
  async function findUsers(users: Called[], people: Map<string, string>): Promise<void> {
    if (users.length === 0) return;
    const { rows } = await sql<{ value: string; person_id: string }>`
      select value, person_id from sojourn.person_ids
      where kind = 'user' and value = any(${textArray(users.map(({ value }) => value))})`.execute(db);
    for (const { value, person_id } of rows) people.set(keyOf({ kind: 'user', value }), person_id);
  }

  async function resolve(events: readonly IncomingEvent[]): Promise<Identified[]> {
    const people = new Map<string, string>();
    await ensure(events.flatMap(userIds), people);
    await findUsers(events.flatMap(formerUserIds), people);
    // A new anonymous id that comes with a user id is that user's, without ever having been somebody else's.
    const owners = new Map<string, string>();
    for (const event of events) {
      const [owner] = userIds(event).map((id) => people.get(keyOf(id)));
      if (owner !== undefined) for (const id of furtherIds(event, people)) owners.set(keyOf(id), owner);
    }
    await ensure(
      events.flatMap((event) => furtherIds(event, people)),
      people,
      owners,
    );
    // The cache may be older than a merge: the store knows whether it still is a link.
    const linked = events.filter((event) => identifiedBy(event, people).links).flatMap((event) => idsOf(event, people));
    for (const id of linked) cache.delete(keyOf(id));
    await ensure(linked, people);
    return events.map((event) => identifiedBy(event, people));
  }

  return {
    async identify(events) {
      const formerUsers = new Set(events.flatMap(formerUserIds).map(keyOf));
      const recalled = events.map((event) => recall(event, formerUsers));
      const asked = events.filter((_, index) => !recalled[index]);
      const resolved = (await resolve(asked)).values();
      return recalled.flatMap((whose) => whose ?? resolved.next().value ?? []);
    },
    remember(people) {
      for (const [key, personId] of people) remember(key, personId);
    },
  };
}

const called = (kind: Called['kind'], value: string | undefined): Called[] =>
  value === undefined ? [] : [{ kind, value }];

const userIds = ({ userId }: IncomingEvent) => called('user', userId);

/** Who has been a user under the previous id, if the alias may say so. */
const formerUserIds = ({ joinsUsers, previousId }: IncomingEvent) => (joinsUsers ? called('user', previousId) : []);

/**
 * Besides the user id. What an alias says of its previous id goes before the device that it came from. Where a user is
 * known under that id it is the user's: anybody may call a device by it.
 */
function furtherIds(event: IncomingEvent, ids: ReadonlyMap<string, string>): Called[] {
  const { anonymousId, previousId } = event;
  const former = formerUserIds(event).filter((id) => ids.has(keyOf(id)));
  return [...(former.length > 0 ? former : called('anonymous', previousId)), ...called('anonymous', anonymousId)];
}

/** What it calls its person, the first going before the others. */
const idsOf = (event: IncomingEvent, ids: ReadonlyMap<string, string>) => [
  ...userIds(event),
  ...furtherIds(event, ids),
];

function identifiedBy(event: IncomingEvent, ids: ReadonlyMap<string, string>): Identified {
  if (event.personId !== undefined) return { personId: event.personId };
  const people = idsOf(event, ids).flatMap((id) => {
    const personId = ids.get(keyOf(id));
    return personId === undefined ? [] : [{ personId, kind: id.kind }];
  });
  const [own, ...others] = people;
  if (own === undefined) throw new Error('an event without a person reached the store');
  const { personId } = own;
  const other = others.find((one) => one.personId !== personId);
  if (!other) return { personId };
  return { personId, links: { personId: other.personId, ...(other.kind === 'user' && { joinsUsers: true as const }) } };
}
