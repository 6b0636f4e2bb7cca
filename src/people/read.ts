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
  /** Of users who were joined to this one: these name the person, too. */
  otherUserIds: string[];
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
  const of = (asked: string) => names.filter(({ kind }) => kind === asked).map(({ value }) => value);
  return {
    id,
    userId: person.user_id,
    otherUserIds: of('user').filter((value) => value !== person.user_id),
    anonymousIds: of('anonymous'),
    traits: person.traits,
    firstSeenAt: person.first_seen_at,
    lastSeenAt: person.last_seen_at,
    consents: consents.map(({ topic, state, changed_at, source }) => ({ topic, state, changedAt: changed_at, source })),
    variants: variants.map(({ experiment, variant }) => ({ experiment, variant })),
  };
}

export interface PersonRow {
  id: string;
  userId: string | null;
  email: string | null;
  name: string | null;
  firstSeenAt: Date;
  lastSeenAt: Date | null;
  liveRuns: number;
}

/** A place in the list of people: when somebody was last seen, and who. */
export interface SeenBefore {
  at: Date;
  id: string;
}

export interface PeopleRequest {
  /**
   * The beginning of a userId, an e-mail address or a name; of the latter two in whichever case. A userId that was joined to
   * another one, as a whole.
   */
  search?: string;
  before?: SeenBefore;
  limit: number;
}

/** Of a search that finds more, so many by each beginning are looked at. */
const foundAtMost = 1_000;

/** Who is who: those who were merged into somebody are that one. Seen last first. */
export async function listPeople(db: Db, { search, before, limit }: PeopleRequest): Promise<PersonRow[]> {
  const seen = sql`coalesce(p.last_seen_at, p.first_seen_at)`;
  // `offset 0`: those who were found by their key, however few the others in the table are.
  const among =
    search === undefined
      ? sql`sojourn.people p`
      : sql`(${found(search)}) f cross join lateral (select * from sojourn.people where id = f.id offset 0) p`;
  // What the index is in the order of; within ten minutes the rows are sorted. Few who are found are sorted at once.
  const order = search === undefined ? sql`p.seen_about desc, ${seen} desc, p.id desc` : sql`${seen} desc, p.id desc`;
  const further = before
    ? sql`and p.seen_about <= ${before.at} and (${seen}, p.id) < (${before.at}, ${before.id}::bigint)`
    : sql``;
  const { rows } = await sql<PersonRow>`
    select page.*, (
        select count(*)::int from sojourn.runs r where r.person_id = page.id and r.state = 'live'
      ) as "liveRuns" from (
      select p.id, p.user_id as "userId", p.traits ->> 'email' as email, p.traits ->> 'name' as name,
        p.first_seen_at as "firstSeenAt", p.last_seen_at as "lastSeenAt"
      from ${among} where p.merged_into is null ${further}
      order by ${order} limit ${limit}
    ) page order by coalesce(page."lastSeenAt", page."firstSeenAt") desc, page.id desc`.execute(db);
  return rows;
}

function found(search: string) {
  const by = (column: ReturnType<typeof sql>, prefix: string) =>
    sql`(select id from sojourn.people where merged_into is null and ${begins(column, prefix)} limit ${foundAtMost})`;
  return sql`(select person_id as id from sojourn.person_ids where kind = 'user' and value = ${search})
    union ${by(sql`user_id`, search)}
    union ${by(sql`lower(traits ->> 'email')`, search.toLowerCase())}
    union ${by(sql`lower(traits ->> 'name')`, search.toLowerCase())}`;
}

/**
 * As a range of bytes, which is what a prefix is in the index. `like` would read the whole table once the statement is
 * prepared: a plan for all patterns can't count on one that begins with a text.
 */
function begins(column: ReturnType<typeof sql>, prefix: string) {
  const after = afterPrefix(prefix);
  const from = sql`${column} ~>=~ ${prefix}`;
  return after === undefined ? from : sql`${from} and ${column} ~<~ ${after}`;
}

const lastCharacter = 0x10ffff;

/** The first text, in the order of UTF-8's bytes, after all that begin with `prefix`. Undefined when there is none. */
export function afterPrefix(prefix: string): string | undefined {
  const characters = Array.from(prefix, (character) => character.codePointAt(0)!);
  while (characters.at(-1) === lastCharacter) characters.pop();
  const last = characters.pop();
  if (last === undefined) return undefined;
  // What lies between are halves of characters, which no text of the store has.
  return String.fromCodePoint(...characters, last === 0xd7ff ? 0xe000 : last + 1);
}
