/**
 * The statement that makes events count: their message ids, the events, what a router has to decide, and strangers whom it
 * makes known. All of it is there, or nothing.
 */
import { sql } from 'kysely';
import type { Clock } from '../clock';
import type { Db } from '../db';
import type { Whose } from './identities';
import type { IncomingEvent } from './incoming';
import { identifying, keyOf, type IdentifiedRow } from './strangers';

export interface Accepted {
  eventId: string;
  personId: string;
  /** The message id was known: nothing was added, and `eventId` is that of the first. */
  duplicate: boolean;
}

/** Answers in the order of the events, of which `people` says whose they are. Rejects with PostgreSQL's error. */
export async function commit(
  db: Db,
  clock: Clock,
  events: readonly IncomingEvent[],
  people: readonly Whose[],
): Promise<{ accepted: Accepted[]; met: Map<string, string> }> {
  const acceptedAt = new Date(clock.now());
  const strangers = new Map(people.flatMap(({ stranger }) => (stranger ? [[keyOf(stranger), stranger]] : [])));
  const rows = events.map((event, index) => ({
    position: index,
    message_id: event.messageId,
    person_id: people[index]!.personId,
    stranger: strangerKey(people[index]!),
    links: people[index]!.links ?? null,
    type: event.type,
    name: event.name,
    properties: event.properties,
    occurred_at: new Date(Math.min(event.occurredAt, acceptedAt.getTime())).toISOString(),
    source: event.source,
    planned: event.planned,
    activity: event.activity,
    hop: event.hop ?? 0,
    context: event.context ?? null,
  }));
  // Message ids are inserted in order, too, so that two commits that share some wait for each other in one direction only.
  // All people are there before the first message id is: events are sorted in between.
  const { rows: written } = await sql<Written>`
    with ${identifying([...strangers.values()], acceptedAt)}, input as materialized (
      select distinct on (message_id) position, message_id, links, type, name, properties, occurred_at, source, planned,
        activity, hop, context, coalesce(
          person_id,
          ((select jsonb_object_agg(key, person_id) from identified) ->> x.stranger)::bigint
        ) as person_id
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (
        position int, message_id text, person_id bigint, stranger text, links jsonb, type text, name text,
        properties jsonb, occurred_at timestamptz, source text, planned boolean, activity boolean, hop smallint,
        context jsonb)
      order by message_id, position
    ), numbered as materialized (
      select nextval('sojourn.event_id_seq') as event_id, ordered.*
      from (select * from input order by position) as ordered
    ), fresh as (
      insert into sojourn.message_ids (message_id, event_id, person_id)
      select message_id, event_id, person_id from numbered order by message_id
      on conflict (message_id) do nothing
      returning message_id, event_id, person_id
    ), stored as (
      insert into sojourn.events (id, accepted_at, occurred_at, message_id, person_id, type, name, properties, source,
        planned, activity, hop, context)
      select n.event_id, ${acceptedAt}, n.occurred_at, n.message_id, n.person_id, n.type, n.name, n.properties,
        n.source, n.planned, n.activity, n.hop, n.context
      from numbered n join fresh f using (event_id)
    ), queued as (
      insert into sojourn.pending (event_id, event_accepted_at, person_id, links)
      select n.event_id, ${acceptedAt}, n.person_id, n.links from numbered n join fresh f using (event_id)
    )
    select message_id, event_id, person_id, null as key from fresh
    union all select null, null, person_id, key from identified`.execute(db);

  const fresh = new Map<string, { event_id: string; person_id: string }>();
  const met = new Map<string, string>();
  for (const row of written) {
    if (row.key === null) fresh.set(row.message_id, row);
    else met.set(row.key, row.person_id);
  }
  const known = new Map<string, { event_id: string; person_id: string }>();
  const repeated = [...new Set(events.map((event) => event.messageId).filter((id) => !fresh.has(id)))];
  if (repeated.length > 0) {
    const first = await db.selectFrom('message_ids').selectAll().where('message_id', 'in', repeated).execute();
    for (const row of first) known.set(row.message_id, row);
  }
  const counted = new Set<string>();
  const accepted = events.map(({ messageId }, index) => {
    const row = fresh.get(messageId) ?? known.get(messageId);
    const duplicate = !fresh.has(messageId) || counted.has(messageId);
    counted.add(messageId);
    const { personId = met.get(strangerKey(people[index]!) ?? '') ?? '' } = people[index]!;
    return { eventId: row?.event_id ?? '', personId: row?.person_id ?? personId, duplicate };
  });
  return { accepted, met };
}

/** An event that counts; or whom a stranger has turned out to be. */
type Written = { message_id: string; event_id: string; person_id: string; key: null } | IdentifiedRow;

const strangerKey = ({ stranger }: Whose) => stranger && keyOf(stranger);
