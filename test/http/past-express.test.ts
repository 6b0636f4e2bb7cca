/** Addresses that take events go past Express when they come as they are written, and are answered the same when not. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMetrics } from '../../src/observe';
import { openFrontDoor, somebody, writeKey, type FrontDoor } from './front-door';

const spellings = ['/v1/track', '/v1/track/', '/V1/Track', '/v1/track?from=shop'];
const metrics = createMetrics({ process: false });
const watched: string[] = [];
let door: FrontDoor;
let watchedDoor: FrontDoor;
let browserKey: string;
beforeAll(async () => {
  const limits = { perBrowserAddress: { perSecond: 0.001, burst: 2 } };
  door = await openFrontDoor({ parts: { metrics, trustProxy: 1, limits } });
  browserKey = (await door.keys.create({ kind: 'browser', name: 'shop' }, somebody)).key;
  const watch = (req: { path: string }, _res: unknown, next: () => void) => {
    watched.push(req.path);
    next();
  };
  watchedDoor = await openFrontDoor({ parts: { watch } });
});
afterAll(async () => {
  await door.close();
  await watchedDoor.close();
});

test('every spelling has the same answers and counts as the same route', async () => {
  const answersOf = async (path: string) => {
    const calls = [
      door.post(path, { userId: 'u', event: 'login' }),
      door.post(path, { userId: 'u' }),
      door.post(path, { userId: 'u', event: 'login' }, { key: 'wk_guess_0123456789' }),
      door.call('POST', path, { raw: '{' }),
      door.call('POST', path, { raw: JSON.stringify({ userId: 'u', event: 'x'.repeat(40_000) }) }),
      door.call('GET', path),
      door.call('OPTIONS', path),
    ];
    return (await Promise.all(calls)).map(({ status, headers, text }) => {
      const { date: _, ...told } = Object.fromEntries(headers);
      return { status, told, text };
    });
  };
  const [asWritten, ...others] = await Promise.all(spellings.map(answersOf));
  expect(asWritten!.map(({ status }) => status)).toEqual([200, 400, 401, 400, 413, 405, 204]);
  for (const other of others) expect(other).toEqual(asWritten);
  const counted = await metrics.text();
  for (const status of [200, 400, 401, 413]) {
    const times = spellings.length * (status === 400 ? 2 : 1);
    expect(counted).toContain(`sojourn_http_requests_total{route="/v1/track",status="${status}"} ${times}\n`);
  }
});

test.each(spellings)('behind a proxy each page counts at the address that it names: %s', async (path) => {
  const from = (address: string) =>
    door.post(
      path,
      { anonymousId: 'a', event: 'login' },
      { key: browserKey, headers: { 'x-forwarded-for': `198.51.100.7, ${address}` } },
    );
  const [one, other] = [`203.0.113.${spellings.indexOf(path)}`, `192.0.2.${spellings.indexOf(path)}`];
  for (const status of [200, 200, 429]) expect((await from(one)).status).toBe(status);
  expect((await from(other)).status).toBe(200);
});

test('an Idempotency-Key is the same in every spelling', async () => {
  const call = { key: writeKey, headers: { 'idempotency-key': 'order-1' } };
  expect((await door.post('/v1/track', { userId: 'once', event: 'purchase' }, call)).status).toBe(200);
  for (const path of spellings) {
    expect((await door.post(path, { userId: 'once', event: 'login' }, call)).status).toBe(422);
  }
});

test('who watches requests sees each', async () => {
  for (const path of spellings) {
    expect((await watchedDoor.post(path, { userId: 'u', event: 'login' })).status).toBe(200);
  }
  expect(watched).toEqual(['/v1/track', '/v1/track/', '/V1/Track', '/v1/track']);
});
