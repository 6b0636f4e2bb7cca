/** 503: the store is away, or too slow. Nothing was taken, and whoever asked may do so again. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createClock } from '../../src/clock';
import { openDatabase } from '../../src/db';
import { createAccept } from '../../src/events';
import { freshDatabase } from '../support';
import { expectProblem } from './expect-problem';
import { openFrontDoor } from './front-door';

const login = { userId: 'u', event: 'login' };

test('to events, triggers and reads while the store is away, with Retry-After; and the part is named in /readyz', async () => {
  const away = openDatabase({ url: 'postgres://nobody@127.0.0.1:9/none' });
  const accept = createAccept({ db: away, clock: createClock({ epoch: Date.now(), scale: 1 }) });
  const without = await openFrontDoor({
    parts: {
      db: away,
      accept: (events) => accept.accept(events),
      requestTrigger: async () => {
        await accept.accept([]);
        await away.selectFrom('people').selectAll().execute();
        return { status: 'accepted' };
      },
      readiness: {
        temporal: () => Promise.reject(new Error('down')),
        store: () => away.selectFrom('settings').select('name').execute(),
      },
    },
  });
  try {
    const answers = [
      await without.post('/v1/track', login),
      await without.post('/v1/track', login, { headers: { 'idempotency-key': 'x' } }),
      await without.post('/v1/batch', { batch: [{ type: 'track', ...login }] }),
      await without.post('/api/log_event', login),
      await without.post('/api/trigger/abandoned-cart', { userId: 'u' }),
      await without.get('/v1/runs'),
      await without.get('/v1/people/u/timeline'),
    ];
    for (const answer of answers) {
      expectProblem(answer, 503, 'unavailable');
      expect(answer.headers.get('retry-after')).toBe('2');
    }
    const ready = await without.get('/readyz', { key: null });
    expect(ready).toMatchObject({ status: 503, json: { ready: false, parts: { store: { ready: false } } } });
    expect((await without.get('/healthz', { key: null })).status).toBe(200);
  } finally {
    await without.close();
    await away.destroy();
  }
});

test('to what PostgreSQL itself ends since it takes too long', async () => {
  const own = await freshDatabase();
  const hurried = openDatabase({ url: `${own.url}?statement_timeout=2000` });
  const accept = createAccept({ db: hurried, clock: createClock({ epoch: Date.now(), scale: 1 }) });
  const told: string[] = [];
  const busy = await openFrontDoor({
    parts: {
      db: hurried,
      accept: (events) => accept.accept(events),
      onError: (_error, where) => told.push(where),
    },
  });
  try {
    await own.db.transaction().execute(async (tx) => {
      await sql`lock table sojourn.runs, sojourn.events in access exclusive mode`.execute(tx);
      for (const answer of [await busy.get('/v1/runs'), await busy.post('/v1/track', login)]) {
        expectProblem(answer, 503, 'unavailable');
        expect(answer.headers.get('retry-after')).toBe('2');
      }
    });
    expect((await busy.get('/v1/runs')).status).toBe(200);
    expect(told).toEqual(['/v1/runs']);
  } finally {
    await busy.close();
    await accept.close();
    await hurried.destroy();
    await own.drop();
  }
});
