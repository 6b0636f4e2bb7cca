/** A person's events, newest first, by the index of person and acceptance: a page costs the same at any depth. */
import { sql } from 'kysely';
import type { Db } from '../db';
import type { JourneyEvent } from '../journey';

/** A place in a list that is ordered by time and id; the row itself is not in the page that follows. */
export interface Before {
  at: Date;
  /** `0` for everything before `at`. */
  id: string;
}

/** A row of `events` as journeys and their rules see it. */
export function journeyEventOf(row: {
  id: string;
  name: string;
  properties: Record<string, unknown>;
  occurred_at: Date;
  accepted_at: Date;
}): JourneyEvent {
  return {
    id: row.id,
    name: row.name,
    properties: row.properties,
    at: row.occurred_at.getTime(),
    acceptedAt: row.accepted_at.getTime(),
  };
}

export interface EventRow {
  at: Date;
  id: string;
  name: string;
  type: string;
  properties: Record<string, unknown>;
  occurredAt: Date;
  messageId: string;
  source: string;
  planned: boolean;
}

export async function eventsBefore(
  db: Db,
  personIds: string[],
  { at, id }: Before,
  limit: number,
): Promise<EventRow[]> {
  // Lateral, so that each of several merged ids is read in its index's order and no further than the page.
  const { rows } = await sql<EventRow>`
    select e.* from unnest(${personIds}::bigint[]) as p (id) cross join lateral (
      select accepted_at as at, id, name, type, properties, occurred_at as "occurredAt", message_id as "messageId",
        source, planned
      from sojourn.events
      where person_id = p.id and (accepted_at, id) < (${at}, ${id}::bigint)
      order by accepted_at desc, id desc limit ${limit}
    ) e order by e.at desc, e.id desc limit ${limit}`.execute(db);
  return rows;
}
