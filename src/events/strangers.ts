/** What events call people, and how somebody who is not known under such an id is made known. */
import { sql, type RawBuilder } from 'kysely';

type Kind = 'user' | 'anonymous';

/** What an event calls its person. */
export interface Called {
  kind: Kind;
  value: string;
}

export const keyOf = ({ kind, value }: Called): string => `${kind}:${value}`;

export interface Stranger extends Called {
  /** Whose the id is, if it is new; somebody new is made for it unless given. */
  owner?: string;
}

/** What a row of `identified` is. */
export interface IdentifiedRow {
  /** The id, as `keyOf` has it. */
  key: string;
  person_id: string;
}

/**
 * The beginning of a `with`, up to `identified`, which has a row for each of these: found, or made. Ids are inserted, and
 * moved by a merge, in one order everywhere, so that two processes that meet the same ones wait, and do not deadlock.
 */
export function identifying(strangers: readonly Stranger[], at: Date): RawBuilder<unknown> {
  return sql`strangers as materialized (
      select kind, value, owner,
        (select person_id from sojourn.person_ids as known where known.kind = new.kind and known.value = new.value)
      from jsonb_to_recordset(${JSON.stringify(strangers)}::jsonb) as new (kind text, value text, owner bigint)
    ), drawn as materialized (
      select kind, value, owner, coalesce(owner, nextval('sojourn.people_id_seq')) as person_id
      from strangers where person_id is null
    ), added as (
      -- Whom another process made known meanwhile this statement does not see, but is told of here.
      insert into sojourn.person_ids (kind, value, person_id)
      select kind, value, person_id from drawn order by kind, value
      on conflict (kind, value) do update set person_id = person_ids.person_id
      returning kind, value, person_id
    ), made as (
      insert into sojourn.people (id, user_id, first_seen_at)
      select person_id, case kind when 'user' then value end, ${at} from added
      where person_id in (select person_id from drawn where owner is null)
    ), identified as materialized (
      select kind || ':' || value as key, person_id from strangers where person_id is not null
      union all select kind || ':' || value, person_id from added
    )`;
}
