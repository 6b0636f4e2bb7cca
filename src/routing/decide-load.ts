/** Reads, under the people's locks, what is pending for them and all that deciding it can ask for: in few statements. */
import { sql } from 'kysely';
import { idArray, textArray, type Tx } from '../db';
import { needs } from '../behaviour';
import { journeyEventOf } from '../events';
import { absenceEvent, type CatalogJourney, type JourneyEvent } from '../journey';
import { traceKey } from '../observe';
import { linksOf, linksTo, type Link, type LinkRow } from './links';
import { isTriggeredBy, type DecidableEvent, type LiveRun, type PersonState } from './decide-rules';

export interface PendingEvent extends DecidableEvent {
  personId: string;
  /** Whose it was when it was accepted: `personId`, or somebody who was merged into that one since. */
  filedUnder: string;
  type: string;
  activity: boolean;
  /** The traceparent of what reported it. */
  trace?: string;
}

export interface LoadedPerson {
  state: PersonState;
  userId?: string;
  /** When the person was last active by what is decided now, if it tells. */
  seenAt?: number;
  traitsChanged: boolean;
  /** What entry rules may look at, in order of acceptance; events after the one decided included. */
  needed: JourneyEvent[];
}

export interface Queue {
  pending: PendingEvent[];
  /**
   * What is said of these people that is not settled: by what is pending for them, or by others. Read at the same moment:
   * what came after an event that joined two people is there no sooner than that one.
   */
  links: Link[];
  /** Those who have something pending, with their live runs; what lies further back is for `loadPast`. */
  people: Map<string, LoadedPerson>;
}

interface QueueRow {
  id: string;
  person_id: string;
  filed_under: string;
  links: LinkRow['links'] | null;
  type: string;
  name: string;
  properties: Record<string, unknown>;
  occurred_at: Date;
  accepted_at: Date;
  activity: boolean;
  hop: number;
  trace: string | null;
}

/** The same on each row. */
interface LinkedColumns {
  linked: LinkRow[] | null;
}

/** On the first row of each person only. */
interface PersonColumns {
  traits: Record<string, unknown> | null;
  user_id: string | null;
  live_runs: LiveRun[] | null;
}

/** One statement: most events change nothing, and cost little more than their reading. */
export async function readQueue(
  tx: Tx,
  canonical: string[],
  { limit, traced }: { limit: number; traced: boolean },
): Promise<Queue> {
  const { rows } = await sql<QueueRow & PersonColumns & LinkedColumns>`
    with queue as materialized (
      select q.*, coalesce(p.merged_into, p.id) as canonical
      from sojourn.people p
      -- By person, whatever is known of the table's size: a backlog of others' may have come just now.
      cross join lateral (select * from sojourn.pending where person_id = p.id offset 0) q
      where p.id = any(${idArray(canonical)}) or p.merged_into = any(${idArray(canonical)})
      order by q.event_id limit ${sql.lit(limit)}
    ), queued as materialized (
      select e.id, e.person_id as filed_under, q.links, q.canonical as person_id, e.type, e.name,
        e.properties, e.occurred_at, e.accepted_at, e.activity, e.hop,
        ${traced ? sql`e.context ->> ${traceKey}` : sql`null`} as trace,
        row_number() over (partition by q.canonical order by e.id) as nth
      from queue q
      -- By what is queued, and not by all that these people ever did.
      cross join lateral (
        select * from sojourn.events
        where id = q.event_id and accepted_at = q.event_accepted_at and person_id = q.person_id offset 0
      ) e
    )
    select queued.*, person.*, (select json_agg(l) from (${linksTo(idArray(canonical))}) l) as linked from queued left join lateral (
      select p.user_id, p.traits, (
        select json_agg(json_build_object('id', r.id::text, 'journey', r.journey, 'key', r.key, 'header', r.header,
          'startedAt', trunc(extract(epoch from r.started_at) * 1000), 'heard', r.heard) order by r.id)
        from sojourn.runs r where r.person_id = p.id and r.state = 'live'
      ) as live_runs
      from sojourn.people p where p.id = queued.person_id and queued.nth = 1 offset 0
    ) person on true
    order by queued.id`.execute(tx);
  const people = new Map<string, LoadedPerson>();
  for (const { person_id: id, traits, user_id, live_runs } of rows) {
    if (traits === null) continue;
    people.set(id, {
      userId: user_id ?? undefined,
      traitsChanged: false,
      needed: [],
      state: { id, traits, liveRuns: live_runs ?? [], lastEntries: new Map(), history: [] },
    });
  }
  return { pending: rows.map(pendingEvent), links: linksIn(rows), people };
}

function linksIn(rows: (QueueRow & LinkedColumns)[]): Link[] {
  const own = rows.flatMap(({ id: event_id, person_id, links }) => (links ? { event_id, person_id, links } : []));
  return linksOf([...own, ...(rows[0]?.linked ?? [])]);
}

function pendingEvent(row: QueueRow): PendingEvent {
  return {
    id: row.id,
    personId: row.person_id,
    filedUnder: row.filed_under,
    type: row.type,
    name: row.name,
    properties: row.properties,
    at: row.occurred_at.getTime(),
    acceptedAt: row.accepted_at.getTime(),
    activity: row.activity,
    hop: row.hop,
    trace: row.trace ?? undefined,
  };
}

/** Adds to these people what the journeys that their events may start ask about their past. */
export async function loadPast(
  tx: Tx,
  people: Map<string, LoadedPerson>,
  pending: PendingEvent[],
  journeys: CatalogJourney[],
): Promise<void> {
  const entering = pending.flatMap((event) =>
    journeys.filter((journey) => isTriggeredBy(journey, event)).map((journey) => ({ event, journey })),
  );
  for (const { person_id, journey, started_at } of await lastEntries(tx, entering)) {
    people.get(person_id)?.state.lastEntries.set(journey, started_at.getTime());
  }
  for (const row of await neededEvents(tx, entering)) people.get(row.person_id)?.needed.push(journeyEventOf(row));
  const lasts = await lastOfAbsent(tx, pending);
  for (const [id, { state }] of people) state.lastOf = (event) => lasts.get(`${id}/${event}`);
}

/** An event that may start a journey. */
interface Entering {
  event: PendingEvent;
  journey: CatalogJourney;
}

/** When each of them last began one, as far back as the journey's own limit looks. */
async function lastEntries(
  tx: Tx,
  entering: Entering[],
): Promise<{ person_id: string; journey: string; started_at: Date }[]> {
  const asked = new Map<string, { person: string; journey: string; after: number }>();
  for (const { event, journey } of entering) {
    const { entry } = journey.header;
    if (entry.kind === 'unlimited') continue;
    const key = `${event.personId}/${journey.id}`;
    const after = entry.kind === 'per' ? Math.max(0, event.acceptedAt - entry.everyMs) : 0;
    const other = asked.get(key)?.after ?? after;
    asked.set(key, { person: event.personId, journey: journey.id, after: Math.min(after, other) });
  }
  if (asked.size === 0) return [];
  const all = [...asked.values()].map(({ after, ...one }) => ({ ...one, after: new Date(after) }));
  // Not as arrays: PostgreSQL would plan anew each time, since it guesses more of an array that it doesn't see.
  const { rows } = await sql<{ person_id: string; journey: string; started_at: Date }>`
    select x.person as person_id, x.journey, last.started_at
    from jsonb_to_recordset(${JSON.stringify(all)}::jsonb) as x (person bigint, journey text, after timestamptz)
    cross join lateral (
      select started_at from sojourn.runs
      where person_id = x.person and journey = x.journey and started_at > x.after
      order by started_at desc limit 1
    ) last`.execute(tx);
  return rows;
}

interface PastRow {
  id: string;
  person_id: string;
  name: string;
  properties: Record<string, unknown>;
  occurred_at: Date;
  accepted_at: Date;
}

/** In order of acceptance. */
async function neededEvents(tx: Tx, entering: Entering[]): Promise<PastRow[]> {
  const names = new Set<string>();
  const people = new Set<string>();
  for (const { event, journey } of entering) {
    if (!journey.header.when) continue;
    for (const name of needs(journey.header.when).events) {
      people.add(event.personId);
      names.add(name);
    }
  }
  if (people.size === 0) return [];
  // By person through the index: what all of them ever did is more than any of them.
  const asked = JSON.stringify([...people].map((id) => ({ id })));
  const { rows } = await sql<PastRow>`
    select past.* from jsonb_to_recordset(${asked}::jsonb) as p (id bigint) cross join lateral (
      select id, person_id, name, properties, occurred_at, accepted_at from sojourn.events
      where person_id = p.id and name = any(${textArray([...names])}) order by accepted_at desc, id desc limit 1000
    ) as past order by past.id`.execute(tx);
  return rows;
}

/**
 * By person and event: when the event whose absence is reported has happened since then, if it has. Also one with a
 * higher id counts: it may have been committed, and decided, first.
 */
async function lastOfAbsent(tx: Tx, pending: PendingEvent[]): Promise<Map<string, number>> {
  const absences = pending.filter(({ name }) => name === absenceEvent);
  if (absences.length === 0) return new Map();
  const { rows } = await sql<{ person_id: string; name: string; at: Date }>`
    select x.person_id, x.name, last.at
    from unnest(${absences.map(({ personId }) => personId)}::bigint[],
      ${absences.map(({ properties }) => String(properties.event))}::text[],
      ${absences.map(({ properties }) => new Date(String(properties.since)))}::timestamptz[])
      as x (person_id, name, since_at)
    cross join lateral (
      select max(occurred_at) as at from sojourn.events
      -- Nothing happens after it was accepted: what lies before can't have happened since.
      where person_id = x.person_id and name = x.name and accepted_at > x.since_at
    ) last
    where last.at is not null`.execute(tx);
  const lasts = new Map<string, number>();
  for (const { person_id, name, at } of rows) {
    const key = `${person_id}/${name}`;
    lasts.set(key, Math.max(at.getTime(), lasts.get(key) ?? -Infinity));
  }
  return lasts;
}
