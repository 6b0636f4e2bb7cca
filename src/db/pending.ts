/** Whether anything is accepted and undecided that may concern a person: what the guard and each read of a run ask. */
import { sql, type RawBuilder } from 'kysely';

/**
 * True when events are pending under the person's id, under one that was merged into it, or under another person's
 * with a link to either: that one may turn out to be this person.
 */
export function isUnsettled(personId: RawBuilder<unknown>): RawBuilder<boolean> {
  // As an array, so that each half is looked up by its index, and a long queue of other people's is not read.
  const ids = sql`array(select id from sojourn.people where id = ${personId} or merged_into = ${personId})`;
  return sql<boolean>`(exists (select 1 from sojourn.pending where person_id = any(${ids}))
    or exists (select 1 from sojourn.pending where links is not null and (links ->> 'personId')::bigint = any(${ids})))`;
}
