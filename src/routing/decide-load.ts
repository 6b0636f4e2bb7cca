/** Reads, under the people's locks, everything that deciding their pending events can ask for: in few statements. */
import { sql } from 'kysely';
import type { Tx } from '../db';
import { needs } from '../behaviour';
import { journeyEventOf } from '../events';
import { absenceEvent, type CatalogJourney, type Condition, type JourneyEvent } from '../journey';
import { isTriggeredBy, type DecidableEvent, type LiveRun, type PersonState } from './decide-rules';

export interface PendingEvent extends DecidableEvent {
  personId: string;
  /** Whose it was when it was accepted: `personId`, or somebody who was merged into that one since. */
  filedUnder: string;
  type: string;
  activity: boolean;
  /** The id of another person whom the event says to be the same. */
  link?: string;
  /** The traceparent of what reported it. */
  trace?: string;
}

export interface LoadedPerson {
  state: PersonState;
  userId?: string;
  lastSeenAt?: number;
  traitsChanged: boolean;
  /** What entry rules may look at, in order of acceptance; events after the one decided included. */
  needed: JourneyEvent[];
}

export async function loadStates(
  tx: Tx,
  ids: string[],
  pending: PendingEvent[],
  journeys: CatalogJourney[],
): Promise<Map<string, LoadedPerson>> {
  const rows = await tx
    .selectFrom('people')
    .select(['id', 'user_id', 'traits', 'last_seen_at'])
    .where('id', 'in', ids)
    .execute();
  const runs = await liveRuns(tx, ids);
  const entering = peopleWhoMayEnter(pending, journeys);
  const entries = await lastEntries(tx, [...entering.keys()]);
  const needed = await neededEvents(tx, entering);
  const lasts = await lastOfAbsent(tx, pending);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        userId: row.user_id ?? undefined,
        lastSeenAt: row.last_seen_at?.getTime(),
        traitsChanged: false,
        needed: needed.get(row.id) ?? [],
        state: {
          id: row.id,
          traits: row.traits,
          liveRuns: runs.get(row.id) ?? [],
          lastEntries: entries.get(row.id) ?? new Map<string, number>(),
          history: [],
          lastOf: (event: string) => lasts.get(`${row.id}/${event}`),
        },
      },
    ]),
  );
}

async function liveRuns(tx: Tx, ids: string[]): Promise<Map<string, LiveRun[]>> {
  const rows = await tx
    .selectFrom('runs')
    .select(['id', 'person_id', 'journey', 'key', 'header', 'started_at', 'heard'])
    .where('person_id', 'in', ids)
    .where('state', '=', 'live')
    .orderBy('id')
    .execute();
  return groupBy(rows, (row) => [
    row.person_id,
    {
      id: row.id,
      journey: row.journey,
      key: row.key,
      header: row.header,
      startedAt: row.started_at.getTime(),
      heard: row.heard,
    },
  ]);
}

/** By person, the entry rules that their pending events will be held against. */
function peopleWhoMayEnter(pending: PendingEvent[], journeys: CatalogJourney[]): Map<string, Condition[]> {
  const entering = new Map<string, Condition[]>();
  for (const event of pending) {
    for (const journey of journeys) {
      if (!isTriggeredBy(journey, event)) continue;
      const rules = entering.get(event.personId) ?? [];
      if (journey.header.when) rules.push(journey.header.when);
      entering.set(event.personId, rules);
    }
  }
  return entering;
}

async function lastEntries(tx: Tx, ids: string[]): Promise<Map<string, Map<string, number>>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('runs')
    .select((eb) => ['person_id', 'journey', eb.fn.max('started_at').as('started_at')])
    .where('person_id', 'in', ids)
    .groupBy(['person_id', 'journey'])
    .execute();
  const entries = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const own = entries.get(row.person_id) ?? new Map<string, number>();
    own.set(row.journey, row.started_at.getTime());
    entries.set(row.person_id, own);
  }
  return entries;
}

async function neededEvents(tx: Tx, entering: Map<string, Condition[]>): Promise<Map<string, JourneyEvent[]>> {
  const names = new Set<string>();
  const people: string[] = [];
  for (const [person, rules] of entering) {
    const own = rules.flatMap((rule) => needs(rule).events);
    if (own.length > 0) people.push(person);
    for (const name of own) names.add(name);
  }
  if (people.length === 0) return new Map();
  // By person through the index: what all of them ever did is more than any of them.
  const { rows } = await sql<{
    id: string;
    person_id: string;
    name: string;
    properties: Record<string, unknown>;
    occurred_at: Date;
    accepted_at: Date;
  }>`
    select past.* from unnest(${people}::bigint[]) as p (id) cross join lateral (
      select id, person_id, name, properties, occurred_at, accepted_at from sojourn.events
      where person_id = p.id and name = any(${[...names]}) order by accepted_at desc, id desc limit 1000
    ) as past order by past.id`.execute(tx);
  return groupBy(rows, (row) => [row.person_id, journeyEventOf(row)]);
}

/**
 * By person and event: when the event whose absence is reported has happened since then, if it has. Also one with a
 * higher id counts: it may have been committed, and decided, first.
 */
async function lastOfAbsent(tx: Tx, pending: PendingEvent[]): Promise<Map<string, number>> {
  const lasts = new Map<string, number>();
  for (const { personId, name, properties } of pending) {
    if (name !== absenceEvent) continue;
    const event = String(properties.event);
    const last = await tx
      .selectFrom('events')
      .select((eb) => eb.fn.max('occurred_at').as('at'))
      .where('person_id', '=', personId)
      .where('name', '=', event)
      // Nothing happens after it was accepted: what lies before can't have happened since.
      .where('accepted_at', '>', new Date(String(properties.since)))
      .executeTakeFirst();
    const at: Date | null | undefined = last?.at;
    if (at) lasts.set(`${personId}/${event}`, at.getTime());
  }
  return lasts;
}

function groupBy<Row, T>(rows: Row[], entry: (row: Row) => [string, T]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const [key, value] = entry(row);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
