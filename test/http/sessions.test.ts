/** Signing in to the pages: who may, what a session may do, and that no other site can use it. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppDeps } from '../../src/http';
import { createSessions } from '../../src/http/sessions';
import { expectProblem } from './expect-problem';
import { adminPassword, openFrontDoor, secretKey, signingKey, type Answer, type FrontDoor } from './front-door';

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor({ parts: { temporalUi: { url: 'http://ui.example', namespace: 'default' } } });
});
afterAll(() => door.close());

const csrf = { 'x-sojourn-csrf': '1' };
const own = (at = door) => ({ ...csrf, origin: at.url });
const cookieOf = (answer: Answer) => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';

const signIn = (password: string, at = door, headers: Record<string, string> = own(at)) =>
  at.post('/v1/session', { password }, { key: null, headers });
const signedIn = async (at = door) => ({ cookie: cookieOf(await signIn(adminPassword, at)) });
/** On one’s own machine, each port has its own. */
const nameAt = (at: FrontDoor) => `sojourn_session_${new URL(at.url).port}`;
const read = (headers: Record<string, string>, at = door) => at.get('/v1/keys', { key: null, headers });
const isSignedIn = async (headers: Record<string, string>, at = door) =>
  (await at.get('/v1/session', { key: null, headers })).json['signedIn'];

describe('signing in', () => {
  test('with the password gives a cookie that scripts and other sites do not get', async () => {
    const answer = await signIn(adminPassword);
    expect([answer.status, answer.json['signedIn']]).toEqual([200, true]);
    const attributes = (answer.headers.get('set-cookie') ?? '').split('; ').slice(1).sort();
    expect(attributes).toEqual(['HttpOnly', 'Max-Age=43200', 'Path=/', 'SameSite=Strict']);
    expect(await isSignedIn({ cookie: cookieOf(answer) })).toBe(true);
    expect((await read({ cookie: cookieOf(answer) })).status).toBe(200);
  });

  test('gives a secure cookie where the address is https', async () => {
    const https = await openFrontDoor({ parts: { publicUrl: 'https://journeys.example' } });
    try {
      const answer = await signIn(adminPassword, https, { ...csrf, origin: 'https://journeys.example' });
      expect(answer.headers.get('set-cookie')).toContain('; Secure');
    } finally {
      await https.close();
    }
  });

  test('with another password does not, and the store holds no token', async () => {
    const wrong = await signIn('incorrect horse');
    expectProblem(wrong, 401, 'unauthorized');
    expect([wrong.headers.get('set-cookie'), wrong.headers.get('www-authenticate')]).toEqual([null, null]);
    const token = (await signedIn()).cookie.split('=')[1]!;
    const rows = await door.db.selectFrom('admin_sessions').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(rows)).not.toContain(adminPassword);
  });

  test('is limited for who guesses, and not for who knows', async () => {
    const limits = { perSignInAddress: { perSecond: 0.01, burst: 3 } };
    const strict = await openFrontDoor({ parts: { limits } });
    try {
      for (let n = 0; n < 6; n++) expect((await signIn(adminPassword, strict)).status).toBe(200);
      for (let n = 0; n < 3; n++) expectProblem(await signIn('a guess', strict), 401, 'unauthorized');
      const limited = await signIn('a guess', strict);
      expectProblem(limited, 429, 'too-many-requests');
      expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
      expectProblem(await signIn(adminPassword, strict), 429, 'too-many-requests');
    } finally {
      await strict.close();
    }
  });

  test('is limited for all addresses together', async () => {
    const limits = { signIns: { perSecond: 0.01, burst: 2 } };
    const strict = await openFrontDoor({ parts: { limits, trustProxy: true } });
    const from = (address: string) => signIn('a guess', strict, { ...own(strict), 'x-forwarded-for': address });
    try {
      for (const address of ['192.0.2.1', '192.0.2.2']) expect((await from(address)).status).toBe(401);
      expect((await from('192.0.2.3')).status).toBe(429);
    } finally {
      await strict.close();
    }
  });

  test('asks for one thing', async () => {
    for (const body of [{}, { password: adminPassword, demo: true }, { demo: 'yes' }, { password: 7 }, []]) {
      expectProblem(await door.post('/v1/session', body, { key: null, headers: own() }), 400, 'invalid-request');
    }
  });

  test('is not there without a password to know', async () => {
    const closed = await openFrontDoor({ parts: { admin: undefined } });
    try {
      expectProblem(await signIn(adminPassword, closed), 501, 'not-available');
      expectProblem(await read({ cookie: `${nameAt(closed)}=${'a'.repeat(43)}` }, closed), 401, 'unauthorized');
    } finally {
      await closed.close();
    }
  });
});

describe('a session', () => {
  test('reads and acts as a secret key does', async () => {
    const headers = { ...own(), ...(await signedIn()) };
    for (const path of ['/v1/overview', '/v1/journeys', '/v1/people', '/v1/messages', '/v1/runs', '/metrics']) {
      expect([path, (await door.get(path, { key: null, headers })).status]).toEqual([path, 200]);
    }
    expect((await door.post('/v1/journeys/re-engagement/start', undefined, { key: null, headers })).status).toBe(200);
  });

  test('does not report events', async () => {
    const headers = { ...own(), ...(await signedIn()) };
    const answer = await door.post('/v1/track', { userId: 'u', event: 'login' }, { key: null, headers });
    expectProblem(answer, 401, 'unauthorized');
  });

  test('tells where things are only to who is signed in', async () => {
    const without = (await door.get('/v1/session', { key: null })).json;
    expect(without).toMatchObject({ signedIn: false, development: true, demo: false, inbox: false, timeScale: 1 });
    expect(without).not.toHaveProperty('temporalUi');
    const within = (await door.get('/v1/session', { key: null, headers: await signedIn() })).json;
    expect(within).toMatchObject({ signedIn: true, temporalUi: { url: 'http://ui.example', namespace: 'default' } });
  });

  test('ends when one signs out', async () => {
    const session = await signedIn();
    const out = await door.call('DELETE', '/v1/session', { key: null, headers: { ...own(), ...session } });
    expect([out.status, out.json['signedIn']]).toEqual([200, false]);
    expect(out.headers.get('set-cookie')).toMatch(new RegExp(`^${nameAt(door)}=; .*Max-Age=0`));
    expect(await isSignedIn(session)).toBe(false);
    expectProblem(await read(session), 401, 'unauthorized');
  });

  test('ends when one signs in again', async () => {
    const session = await signedIn();
    const again = await signIn(adminPassword, door, { ...own(), ...session });
    expect(await isSignedIn({ cookie: cookieOf(again) })).toBe(true);
    expect(await isSignedIn(session)).toBe(false);
  });

  test('is apart from that of another stack on this machine', async () => {
    const other = await openFrontDoor();
    try {
      const cookie = `${(await signedIn()).cookie}; ${(await signedIn(other)).cookie}`;
      expect([await isSignedIn({ cookie }), await isSignedIn({ cookie }, other)]).toEqual([true, true]);
      await other.call('DELETE', '/v1/session', { key: null, headers: { ...own(other), cookie } });
      expect([await isSignedIn({ cookie }), await isSignedIn({ cookie }, other)]).toEqual([true, false]);
    } finally {
      await other.close();
    }
  });

  test('ends after its time', async () => {
    const session = await signedIn();
    await door.db
      .updateTable('admin_sessions')
      .set({ wall_expires_at: new Date(Date.now() - 1_000) })
      .execute();
    expectProblem(await read(session), 401, 'unauthorized');
  });

  test('ends when there is another password', async () => {
    const session = await signedIn();
    const { db } = door;
    const token = session.cookie.split('=')[1]!;
    expect(await createSessions({ db, signingKey, password: adminPassword }).isOpen(token)).toBe(true);
    expect(await createSessions({ db, signingKey, password: 'a new password' }).isOpen(token)).toBe(false);
    expect(await createSessions({ db, signingKey: 'another key', password: adminPassword }).isOpen(token)).toBe(false);
  });

  test('is no token that somebody made up, and the browser is not made to ask for a password', async () => {
    for (const token of ['', 'x', 'a'.repeat(43), `${'a'.repeat(42)}%00`]) {
      const answer = await read({ cookie: `${nameAt(door)}=${token}`, ...csrf });
      expectProblem(answer, 401, 'unauthorized');
      expect(answer.headers.get('www-authenticate')).toBeNull();
    }
    expect((await door.get('/v1/keys', { key: null })).headers.get('www-authenticate')).toMatch(/^Basic /);
  });

  test('gives way to a key that is sent besides', async () => {
    const answer = await door.get('/v1/keys', { key: 'sk_unknown_0123456789', headers: await signedIn() });
    expectProblem(answer, 401, 'unauthorized');
    expect((await door.get('/v1/keys', { key: secretKey, headers: { cookie: `${nameAt(door)}=x` } })).status).toBe(200);
  });
});

describe('another site', () => {
  const act = async (headers: Record<string, string>) =>
    door.post('/v1/journeys/re-engagement/pause', undefined, {
      key: null,
      headers: { ...(await signedIn()), ...headers },
    });

  test.each<[string, Record<string, string>]>([
    ['without the header', { origin: 'own' }],
    ['without a word about where it comes from', csrf],
    ['from another site', { ...csrf, origin: 'https://evil.example' }],
    ['from another port of this host', { ...csrf, origin: 'http://127.0.0.1:9' }],
    ['from nowhere, as a sandboxed frame does', { ...csrf, origin: 'null' }],
    ['by the browser’s word', { ...csrf, origin: 'own', 'sec-fetch-site': 'cross-site' }],
    ['by the browser’s word, of another port', { ...csrf, 'sec-fetch-site': 'same-site' }],
    ['typed into the address bar', { ...csrf, 'sec-fetch-site': 'none' }],
  ])('does not act with the cookie: %s', async (_name, headers) => {
    const { origin } = headers;
    expectProblem(await act({ ...headers, ...(origin === 'own' && { origin: door.url }) }), 403, 'forbidden');
    expect((await door.get('/v1/journeys/re-engagement')).json['mode']).toBe('live');
  });

  test('does not read with the cookie', async () => {
    const session = await signedIn();
    expectProblem(await read({ ...session, 'sec-fetch-site': 'cross-site' }), 403, 'forbidden');
    expectProblem(await read({ ...session, 'sec-fetch-site': 'same-site' }), 403, 'forbidden');
    expectProblem(await read({ ...session, origin: 'https://evil.example' }), 403, 'forbidden');
    expect((await read({ ...session, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  test('does not sign anybody in or out', async () => {
    expectProblem(await signIn(adminPassword, door, { origin: door.url }), 403, 'forbidden');
    expectProblem(await signIn(adminPassword, door, { ...csrf, origin: 'https://evil.example' }), 403, 'forbidden');
    const session = await signedIn();
    const out = await door.call('DELETE', '/v1/session', { key: null, headers: { ...session, origin: door.url } });
    expectProblem(out, 403, 'forbidden');
    expect(await isSignedIn(session)).toBe(true);
  });

  test('is told that it may report events, and nothing else', async () => {
    const { paths } = (await door.get('/openapi.json')).json as { paths: Record<string, object> };
    const events = /^\/(v1\/(track|identify|page|screen|group|alias|batch|[tipsgab])|api\/log_event|track-event)$/;
    const open: string[] = [];
    for (const path of Object.keys(paths)) {
      const { headers } = await door.call('OPTIONS', path, {
        key: null,
        headers: { origin: 'https://evil.example', 'access-control-request-headers': 'content-type, x-sojourn-csrf' },
      });
      if (headers.has('access-control-allow-headers')) open.push(path);
      expect(headers.get('access-control-allow-headers') ?? '').not.toContain('x-sojourn-csrf');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
    expect(open).toContain('/v1/track');
    expect(open).toEqual(Object.keys(paths).filter((path) => events.test(path)));
  });

  test('can’t send JSON to what a process has besides', async () => {
    const shop = await openFrontDoor({
      parts: { more: (routes) => routes.post('/shop/api/sign-up', (_req, res) => void res.end()) },
    });
    try {
      const asked = { origin: 'https://evil.example', 'access-control-request-headers': 'content-type' };
      const { headers } = await shop.call('OPTIONS', '/shop/api/sign-up', { key: null, headers: asked });
      expect(headers.get('access-control-allow-origin')).toBeNull();
    } finally {
      await shop.close();
    }
  });
});

describe('the demo', () => {
  const demo = (at: FrontDoor, headers: Record<string, string> = {}) =>
    at.post('/v1/session', { demo: true }, { key: null, headers: { ...own(at), ...headers } });

  /** Node's own client: fetch does not let a Host be made up. */
  const asHost = (at: FrontDoor, host: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { ...csrf, host, origin: `http://${host}`, 'content-type': 'application/json' };
      request(`${at.url}/v1/session`, { method: 'POST', headers }, (res) => resolve(res.resume().statusCode))
        .on('error', reject)
        .end('{"demo":true}');
    });

  test('signs in whoever sits at the machine, and nobody else', async () => {
    const shown = await openFrontDoor({ parts: { admin: { password: adminPassword, demo: true } } });
    try {
      expect((await shown.get('/v1/session', { key: null })).json['demo']).toBe(true);
      const answer = await demo(shown);
      expect(answer.status).toBe(200);
      expect((await read({ cookie: cookieOf(answer) }, shown)).status).toBe(200);
      // A proxy speaks for somebody else; a page of elsewhere points its own name here.
      expectProblem(await demo(shown, { 'x-forwarded-for': '203.0.113.9' }), 403, 'forbidden');
      expect(await asHost(shown, new URL(shown.url).host)).toBe(200);
      expect(await asHost(shown, 'evil.example')).toBe(403);
    } finally {
      await shown.close();
    }
  });

  test.each<[string, Partial<AppDeps>]>([
    ['it is known by another name', { publicUrl: 'https://journeys.example' }],
    ['others reach it, too', { publicUrl: 'http://0.0.0.0:3000' }],
    ['a proxy is set up', { trustProxy: 1 }],
    ['a proxy is named', { trustProxy: 'loopback' }],
  ])('signs nobody in without a password where %s: a proxy here may speak for anybody', async (_name, parts) => {
    const shown = await openFrontDoor({ parts: { admin: { password: adminPassword, demo: true }, ...parts } });
    try {
      // As nginx passes a request on, unless it is told to say for whom.
      expect(await asHost(shown, '127.0.0.1:3000')).toBe(403);
      expect((await shown.get('/v1/session', { key: null })).json['demo']).toBe(false);
    } finally {
      await shown.close();
    }
  });

  test('signs in whoever sits at a machine that is known by its own name', async () => {
    const parts = { admin: { password: adminPassword, demo: true }, publicUrl: 'http://localhost:3000' };
    const shown = await openFrontDoor({ parts });
    try {
      expect((await demo(shown)).status).toBe(200);
    } finally {
      await shown.close();
    }
  });

  test('is the demo’s alone', async () => {
    expectProblem(await demo(door), 403, 'forbidden');
  });
});
