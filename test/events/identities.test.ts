/** Whose an event is, also when several processes meet somebody new at once. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClock } from '../../src/clock';
import { withPeopleLocked, type Tx } from '../../src/db';
import { createAccept, type IncomingEvent } from '../../src/events';
import { merge } from '../../src/people';
import { freshDatabase, gate, until, waitingForLocks, type FreshDatabase } from '../support';

let store: FreshDatabase;
beforeAll(async () => {
  store = await freshDatabase();
});
afterAll(() => store?.drop());

const api = () => createAccept({ db: store.db, clock: createClock({ epoch: Date.now(), scale: 1 }) });
let count = 0;
const seen = (who: Pick<IncomingEvent, 'userId' | 'anonymousId'>): IncomingEvent => ({
  ...who,
  messageId: `m${++count}`,
  type: 'track',
  name: 'view_item',
  properties: {},
  occurredAt: Date.now(),
  source: 'test',
  planned: true,
  activity: true,
});
const people = async () => (await store.db.selectFrom('people').select('user_id').execute()).map((row) => row.user_id);

it('somebody new is one person, whichever of several processes makes them known', async () => {
  const both = [api(), api()];
  const news = Array.from({ length: 50 }, (_, index) => `both-${index}`);
  const answers = await Promise.all(
    both.map((one) => Promise.all(news.map(async (userId) => (await one.accept([seen({ userId })]))[0]?.personId))),
  );
  expect(answers[0]).toEqual(answers[1]);
  expect(new Set(answers[0]).size).toBe(news.length);
  expect((await people()).filter((id) => id?.startsWith('both-'))).toHaveLength(news.length);
});

it.each([
  ['alone', 7_000, {}],
  ['with a device', 8_000, { anonymousId: 'their device' }],
])('somebody whom another process makes known just then is that one: %s', async (how, id, more) => {
  const userId = `slow ${how}`;
  let answer: ReturnType<ReturnType<typeof api>['accept']> | undefined;
  await store.db.transaction().execute(async (tx) => {
    await sql`insert into sojourn.people (id, user_id, first_seen_at) values (${id}, ${userId}, now())`.execute(tx);
    await sql`insert into sojourn.person_ids (kind, value, person_id) values ('user', ${userId}, ${id})`.execute(tx);
    answer = api().accept([seen({ userId: 'quick' }), seen({ userId, ...more })]);
    await waitingForLocks(tx);
  });
  const [quick, slow] = (await answer) ?? [];
  expect(slow?.personId).toBe(String(id));
  expect(quick?.personId).not.toBe(String(id));
});

/** Does so in a transaction of its own, which ends when it is told to. */
async function open(work: (tx: Tx) => Promise<unknown>): Promise<() => Promise<void>> {
  const [done, ending] = [gate(), gate()];
  const whole = store.db.transaction().execute(async (tx) => {
    await work(tx);
    done.open();
    await ending.opened;
  });
  await Promise.race([done.opened, whole]);
  return async () => (ending.open(), await whole);
}

it('a merge of somebody whose ids just then come as new waits, or is waited for, and never both', async () => {
  const [absorbed, survivor] = ['9000', '9001'];
  const name = (tx: Tx, value: string, id: string) =>
    sql`insert into sojourn.person_ids (kind, value, person_id) values ('anonymous', ${value}, ${id})`.execute(tx);
  // It has looked whom it knows, and waits.
  const first = await open((tx) => name(tx, 'merged 1', '9002'));
  const answer = api().accept(['1', '2', '4'].map((number) => seen({ anonymousId: `merged ${number}` })));
  await waitingForLocks(store.db, 1);
  for (const id of [absorbed, survivor]) {
    await store.db.insertInto('people').values({ id, traits: '{}', first_seen_at: new Date() }).execute();
  }
  // In this order they lie in the table.
  for (const number of [4, 3, 2]) await name(store.db as Tx, `merged ${number}`, absorbed);
  const between = await open((tx) =>
    sql`select from sojourn.person_ids where value = 'merged 3' for update`.execute(tx),
  );
  const merging = withPeopleLocked(store.db, [absorbed, survivor], (tx) => merge(tx, { survivor, absorbed }));
  await waitingForLocks(store.db, 2);
  await first();
  await until(async () => {
    const { rows } = await sql`select from pg_stat_activity waits join pg_stat_activity other
      on other.pid = any(pg_blocking_pids(waits.pid)) and other.wait_event_type = 'Lock'
      where waits.datname = current_database()`.execute(store.db);
    return rows.length > 0;
  });
  await between();
  const [accepted] = await Promise.all([answer, merging]);
  expect(accepted.map(({ personId }) => personId)).toEqual(['9002', survivor, survivor]);
});

it("a device that comes with its user from the start is that user's, of many at once", async () => {
  const accept = api();
  const events = Array.from({ length: 500 }, (_, index) =>
    seen({ userId: `user-${index}`, anonymousId: `device-${index}` }),
  );
  const together = await accept.accept(events);
  const later = await accept.accept(events.map(({ anonymousId }) => seen({ anonymousId })));
  expect(later.map(({ personId }) => personId)).toEqual(together.map(({ personId }) => personId));
  expect((await people()).filter((id) => id?.startsWith('user-'))).toHaveLength(500);
});

it('somebody new who is named twice at once is one person, and a message id that comes twice counts once', async () => {
  const accept = api();
  const event = seen({ anonymousId: 'twice' });
  const [first, second, again] = await accept.accept([event, seen({ anonymousId: 'twice' }), event]);
  expect(second?.personId).toBe(first?.personId);
  expect(again).toEqual({ ...first, duplicate: true });
  // Nor does this other process remember anybody.
  expect(await api().accept([event])).toEqual([{ ...first, duplicate: true }]);
  expect(await accept.accept([{ ...seen({}), personId: first!.personId }])).toMatchObject([
    { personId: first?.personId, duplicate: false },
  ]);
});

it('all of a request is there, or nothing: who came with what the store refuses is not made known', async () => {
  // People are written by then; the column takes no null.
  const refused = { ...seen({ userId: 'refused' }), name: null as never };
  await expect(api().accept([seen({ userId: 'beside' }), refused])).rejects.toThrow(/null value/);
  expect(await people()).not.toContain('beside');
});
