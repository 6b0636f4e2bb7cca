/**
 * Two ids that turn out to be one person. Both are locked by the caller, in id order; afterwards everything is the
 * survivor's, and the old ids lead there. Two known users, who may share a device, are one only if that is said outright.
 */
import { sql } from 'kysely';
import type { Tx } from '../db';

export interface Merged {
  survivor: string;
  absorbed: string;
}

/**
 * Who of two people the other is merged into: the known user; of two, the first, and nobody unless `joinsUsers`. Runs that
 * both have live in one journey are the router's to settle, before `merge`.
 */
export async function chooseSurvivor(
  tx: Tx,
  [a, b]: [string, string],
  { joinsUsers = false } = {},
): Promise<Merged | undefined> {
  const rows = await tx.selectFrom('people').select(['id', 'user_id']).where('id', 'in', [a, b]).execute();
  const known = rows.filter((row) => row.user_id !== null);
  if (rows.length < 2 || (known.length === 2 && !joinsUsers)) return undefined;
  const survivor = known.length === 2 ? a : (known[0]?.id ?? (BigInt(a) < BigInt(b) ? a : b));
  return { survivor, absorbed: survivor === a ? b : a };
}

/** Moves everything of `absorbed` to `survivor`. The survivor's own traits and choices win; an opt-out always does. */
export async function merge(tx: Tx, { survivor, absorbed }: Merged): Promise<void> {
  await sql`update sojourn.people p set
      traits = a.traits || p.traits,
      first_seen_at = least(p.first_seen_at, a.first_seen_at),
      last_seen_at = greatest(p.last_seen_at, a.last_seen_at)
    from sojourn.people a where p.id = ${survivor} and a.id = ${absorbed}`.execute(tx);
  await sql`update sojourn.people set merged_into = ${survivor}
    where id = ${absorbed} or merged_into = ${absorbed}`.execute(tx);
  // One statement, one snapshot: what accept commits meanwhile is in both or in neither.
  await sql`with moved as (
      update sojourn.events set person_id = ${survivor} where person_id = ${absorbed}
    ) update sojourn.pending set person_id = ${survivor} where person_id = ${absorbed}`.execute(tx);
  // In the order in which accept takes ids, so that the two wait, and do not deadlock.
  await sql`with theirs as materialized (
      select kind, value from sojourn.person_ids where person_id = ${absorbed} order by kind, value for no key update
    ) update sojourn.person_ids ids set person_id = ${survivor}
    from theirs where ids.person_id = ${absorbed} and ids.kind = theirs.kind and ids.value = theirs.value`.execute(tx);
  for (const table of ['decisions', 'runs', 'sends'] as const) {
    await tx.updateTable(table).set({ person_id: survivor }).where('person_id', '=', absorbed).execute();
  }
  await sql`insert into sojourn.consents as kept (person_id, topic, state, number, changed_at, source)
    select ${survivor}, topic, state, number, changed_at, source from sojourn.consents where person_id = ${absorbed}
    on conflict (person_id, topic) do update set state = 'out', number = greatest(kept.number, excluded.number),
      changed_at = case kept.state when 'out' then kept.changed_at else excluded.changed_at end,
      source = case kept.state when 'out' then kept.source else excluded.source end
    where excluded.state = 'out'`.execute(tx);
  await sql`insert into sojourn.assignments select ${survivor}, experiment, variant, assigned_at
    from sojourn.assignments where person_id = ${absorbed} on conflict do nothing`.execute(tx);
  await sql`insert into sojourn.watches as kept select journey, ${survivor}, since_at, fires_at
    from sojourn.watches where person_id = ${absorbed}
    on conflict (journey, person_id) do update set
      since_at = greatest(kept.since_at, excluded.since_at), fires_at = greatest(kept.fires_at, excluded.fires_at)`.execute(
    tx,
  );
  for (const table of ['consents', 'assignments', 'watches'] as const) {
    await tx.deleteFrom(table).where('person_id', '=', absorbed).execute();
  }
}
