/** A store that hangs says nothing: who waits for it is told so after a while, and all goes on once it does. */
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createClock } from '../../src/clock';
import { migrate, openDatabase, type Db } from '../../src/db';
import { createAccept } from '../../src/events';
import { createBell } from '../../src/routing';
import { expectProblem } from '../http/expect-problem';
import { openFrontDoor } from '../http/front-door';
import { ownPostgres, until, type OwnPostgres } from '../support';

const answerWithinMs = 3_000;
let server: OwnPostgres;
let db: Db;

beforeAll(async () => {
  server = await ownPostgres({ maxConnections: 40 });
  db = openDatabase({ url: server.url, maxConnections: 3, answerWithinMs });
  await migrate(db, Date.now());
});
afterEach(() => server.goOn());
afterAll(async () => {
  await db?.destroy();
  await server?.stop();
});

const login = (messageId: string) => ({ userId: 'u1', event: 'login', messageId });
const answersAgain = () => until(() => sql`select 1`.execute(db).then(Boolean, () => false));

test('the API answers 503 with Retry-After, to more callers than there are connections, and recovers', async () => {
  const clock = createClock({ epoch: Date.now(), scale: 1 });
  const accept = createAccept({ db, clock });
  const door = await openFrontDoor({ parts: { db, accept: (events) => accept.accept(events) } });
  try {
    expect((await door.post('/v1/track', login('before'))).status).toBe(200);
    server.hang();
    const calls = Array.from({ length: 12 }, (_, n) => [
      door.post('/v1/track', login(`hanging ${n}`)),
      door.get('/v1/people/u1/timeline'),
    ]);
    for (const answer of await Promise.all(calls.flat())) {
      expectProblem(answer, 503, 'unavailable');
      expect(answer.headers.get('retry-after')).toBe('2');
    }
    server.goOn();
    await answersAgain();
    // What was refused may have been kept all the same: sent again, it counts once.
    for (let n = 0; n < 12; n++) expect((await door.post('/v1/track', login(`hanging ${n}`))).status).toBe(200);
    const { rows } = await sql<{ count: string }>`select count(*) from sojourn.events where name = 'login'`.execute(db);
    expect(rows[0]?.count).toBe('13');
  } finally {
    server.goOn();
    await door.close();
    await accept.close();
  }
});

test('a transaction that gets no answer gives its connection up, and leaves nothing behind', async () => {
  const half = db.transaction().execute(async (tx) => {
    await sql`insert into sojourn.settings (name, value) values ('half', '1')`.execute(tx);
    server.hang();
    await sql`select 1`.execute(tx);
  });
  await expect(half).rejects.toMatchObject({ code: 'ETIMEDOUT', message: 'PostgreSQL did not answer within 3 s' });
  server.goOn();
  await answersAgain();
  expect(await db.selectFrom('settings').select('name').where('name', '=', 'half').execute()).toEqual([]);
});

test('what may take its time is waited for, and only that', async () => {
  const long = async (statement: string) =>
    db.connection().execute(async (connection) => {
      await sql.raw(statement).execute(connection);
      await sql`select pg_sleep(${answerWithinMs / 1_000 + 1})`.execute(connection);
    });
  await long('set statement_timeout = 0');
  await expect(long('select 1')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
});

test('callers of accept are told when their commit takes too long, also while its connection waits on', async () => {
  const accept = createAccept({ db, clock: createClock({ epoch: Date.now(), scale: 1 }), commitWithinMs: 200 });
  const event = { ...login('slow'), name: 'login', type: 'track' as const, properties: {}, occurredAt: Date.now() };
  server.hang();
  const waits = accept.accept([{ ...event, source: 'test', planned: true, activity: true }]);
  await expect(waits).rejects.toThrow('The store did not commit within 0.2 s');
  server.goOn();
  await accept.close();
});

test('the bell does not pile up what a hanging store does not take', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  const [here, there] = [createBell(server.url), createBell(server.url)];
  try {
    // Both hear once they are connected.
    await until(async () => {
      here.ring('pending');
      return Promise.race([
        there.wait('pending', 60_000).then(() => true),
        here.wait('deliveries', 200).then(() => false),
      ]);
    });
    server.hang();
    for (let rings = 0; rings < 10; rings++) {
      here.ring('pending');
      await here.wait('deliveries', 50);
    }
    server.goOn();
    here.ring('deliveries');
    await there.wait('deliveries', 60_000);
    expect(warnings).toEqual([]);
  } finally {
    server.goOn();
    process.off('warning', note);
    await here.close();
    await there.close();
  }
});
