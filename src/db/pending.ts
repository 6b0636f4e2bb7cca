/** Whether anything is accepted and undecided that may concern a person: what the guard and each read of a run ask. */
import { sql, type RawBuilder } from 'kysely';

/**
 * True when events are pending under the person's id, under one that was merged into it, or under another person's
 * with a link to either: that one may turn out to be this person.
 */
export function isUnsettled(personId: RawBuilder<unknown>): RawBuilder<boolean> {
  // `offset 0` keeps each look-up one by id, which the indexes answer. A join reads all that is pending, of whomever, with
  // what a busy queue has left behind, already where that seems to be little.
  return sql<boolean>`exists (
    select 1 from (select ${personId} as id union all
      select id from sojourn.people where merged_into = ${personId} offset 0) own
    where exists (select 1 from sojourn.pending where person_id = own.id offset 0)
      or exists (select 1 from sojourn.pending
        where links is not null and (links ->> 'personId')::bigint = own.id offset 0))`;
}
