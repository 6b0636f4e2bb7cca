/** Whose events are undecided, as the guard and each call of a run ask it. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isUnsettled } from '../../src/db';
import { freshDatabase, type FreshDatabase } from '../support';

let store: FreshDatabase;
beforeAll(async () => {
  store = await freshDatabase();
  await sql`insert into sojourn.people (id, merged_into, first_seen_at)
    values (1, null, now()), (2, 1, now()), (3, null, now()), (4, 3, now())`.execute(store.db);
});
afterAll(() => store?.drop());

async function unsettledWith(personId: number, link?: number): Promise<string[]> {
  const links = link === undefined ? null : JSON.stringify({ personId: String(link) });
  await sql`insert into sojourn.pending values (1, now(), ${personId}, ${links}::jsonb)`.execute(store.db);
  const { rows } = await sql<{ id: string }>`
    select id from sojourn.people p where ${isUnsettled(sql.ref('p.id'))} order by id`.execute(store.db);
  await sql`delete from sojourn.pending`.execute(store.db);
  return rows.map(({ id }) => id);
}

test('who has something pending under the own id, or under one that was merged into it', async () => {
  expect(await unsettledWith(1)).toEqual(['1']);
  expect(await unsettledWith(2)).toEqual(['1', '2']);
  expect(await unsettledWith(5)).toEqual([]);
});

test('and who may turn out to be the person of what is pending', async () => {
  expect(await unsettledWith(1, 3)).toEqual(['1', '3']);
  expect(await unsettledWith(1, 4)).toEqual(['1', '3', '4']);
});
