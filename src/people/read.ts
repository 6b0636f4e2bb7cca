/** People as the API and the pages show them. An id of a person who was merged leads to who that person is now. */
import { sql } from 'kysely';
import type { Db } from '../db';
import type { Traits } from './traits';

/** How people are named outside: a userId, `anonymous:` and an anonymousId, or `person:` and Sojourn's own id. */
export interface PersonName {
  kind: 'user' | 'anonymous' | 'person';
  value: string;
}

export interface FoundPerson {
  /** Sojourn's own id. */
  id: string;
  /** With those of people who were merged into this one: older rows may name them. */
  ids: string[];
}

export interface PersonView {
  id: string;
  userId: string | null;
  anonymousIds: string[];
  traits: Traits;
  firstSeenAt: Date;
  lastSeenAt: Date | null;
  consents: { topic: string; state: 'in' | 'out'; changedAt: Date; source: string }[];
  variants: { experiment: string; variant: string }[];
}

export function parsePersonName(text: string): PersonName {
  const match = /^(anonymous|person):(.*)$/s.exec(text);
  if (!match) return { kind: 'user', value: text };
  return { kind: match[1] === 'person' ? 'person' : 'anonymous', value: match[2] ?? '' };
}

/** The name under which somebody is found again. */
export function personName({ id, userId }: { id: string; userId: string | null }): string {
  return userId ?? `person:${id}`;
}

export async function findPerson(db: Db, { kind, value }: PersonName): Promise<FoundPerson | undefined> {
  if (kind === 'person' && !/^[1-9]\d{0,17}$/.test(value)) return undefined;
  const asked =
    kind === 'person'
      ? sql`select id from sojourn.people where id = ${value}`
      : sql`select person_id as id from sojourn.person_ids where kind = ${kind} and value = ${value}`;
  const { rows } = await sql<{ id: string; canonical: boolean }>`
    with recursive up as (
      select p.id, p.merged_into from sojourn.people p where p.id = (${asked})
      union select p.id, p.merged_into from sojourn.people p join up on p.id = up.merged_into
    ), down as (
      select id from up where merged_into is null
      union select p.id from sojourn.people p join down on p.merged_into = down.id
    )
    select d.id, d.id = (select id from up where merged_into is null) as canonical from down d`.execute(db);
  const canonical = rows.find((row) => row.canonical);
  return canonical && { id: canonical.id, ids: rows.map((row) => row.id) };
}

export async function readPerson(db: Db, { id, ids }: FoundPerson): Promise<PersonView | undefined> {
  const [person, names, consents, variants] = await Promise.all([
    db.selectFrom('people').selectAll().where('id', '=', id).executeTakeFirst(),
    db.selectFrom('person_ids').select(['kind', 'value']).where('person_id', 'in', ids).orderBy('value').execute(),
    db.selectFrom('consents').selectAll().where('person_id', '=', id).orderBy('topic').execute(),
    db.selectFrom('assignments').selectAll().where('person_id', '=', id).orderBy('experiment').execute(),
  ]);
  if (!person) return undefined;
  return {
    id,
    userId: person.user_id,
    anonymousIds: names.filter(({ kind }) => kind === 'anonymous').map(({ value }) => value),
    traits: person.traits,
    firstSeenAt: person.first_seen_at,
    lastSeenAt: person.last_seen_at,
    consents: consents.map(({ topic, state, changed_at, source }) => ({ topic, state, changedAt: changed_at, source })),
    variants: variants.map(({ experiment, variant }) => ({ experiment, variant })),
  };
}
