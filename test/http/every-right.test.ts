/** Every address that the API describes, with every kind of key and with a session: who gets past the door, and who not. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminPassword, openFrontDoor, secretKey, somebody, writeKey, type Call, type FrontDoor } from './front-door';

/** Who may: whoever asks, who reports, who asks for journeys, who reads and acts. An address that is new is to be put here. */
const rights = {
  open: [
    ...[
      'GET /healthz',
      'GET /readyz',
      'GET /openapi.json',
      'GET /v1/session',
      'POST /v1/session',
      'DELETE /v1/session',
    ],
    ...['GET /t/{token}', 'GET /u/{token}', 'POST /u/{token}'],
  ],
  report: [
    ...['track', 'identify', 'page', 'screen', 'group', 'alias', 'batch'].map((type) => `POST /v1/${type}`),
    ...['POST /api/log_event', 'POST /track-event'],
  ],
  trigger: ['/api/trigger', '/trigger', '/triggers'].map((path) => `POST ${path}/{journey}`),
  secret: [
    ...['GET /v1/journeys', 'GET /v1/journeys/{id}', 'GET /v1/runs', 'GET /v1/runs/{id}', 'POST /v1/runs/{id}/exit'],
    ...['start', 'pause', 'resume'].map((verb) => `POST /v1/journeys/{id}/${verb}`),
    ...['GET /v1/people', 'GET /v1/people/{id}', 'GET /v1/people/{id}/timeline'],
    ...['GET /v1/messages', 'GET /v1/messages/{id}', 'POST /v1/messages/{id}/settle'],
    ...['GET /v1/messages/{id}/preview', 'GET /v1/messages/{id}/html'],
    ...['GET /v1/templates/paused', 'POST /v1/templates/{message}/pause', 'POST /v1/templates/{message}/resume'],
    ...['GET /v1/keys', 'POST /v1/keys', 'DELETE /v1/keys/{id}', 'POST /v1/keys/{id}/rotate'],
    ...['GET /v1/overview', 'GET /v1/audit', 'GET /v1/inbox', 'GET /v1/inbox/{id}', 'GET /metrics'],
  ],
};
type Right = keyof typeof rights;
const known = Object.entries(rights).flatMap(([right, all]) => all.map((route) => [route, right as Right] as const));

let door: FrontDoor;
let browserKey: string;
let revokedKey: string;
let session: Record<string, string>;
beforeAll(async () => {
  door = await openFrontDoor({
    parts: {
      inbox: { list: () => [], get: () => undefined },
      // So that nobody counts as somebody at this machine.
      trustProxy: 1,
      limits: { perRefusedAddress: { perSecond: 1_000, burst: 10_000 } },
    },
  });
  browserKey = (await door.keys.create({ kind: 'browser', name: 'shop' }, somebody)).key;
  const revoked = await door.keys.create({ kind: 'secret', name: 'old' }, somebody);
  await door.keys.revoke(revoked.id, somebody);
  revokedKey = revoked.key;
  const own = { origin: door.url, 'x-sojourn-csrf': '1' };
  const signedIn = await door.post('/v1/session', { password: adminPassword }, { key: null, headers: own });
  session = { cookie: (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '' };
});
afterAll(() => door.close());

/** Nothing that is there is named, so that no request changes what another meets. */
function ask(route: string, { key = null, headers }: Call) {
  const [method = '', path = ''] = route.split(' ');
  const body = method === 'POST' ? {} : undefined;
  return door.call(method, path.replace(/\{\w+\}/g, 'none'), { key, headers, body });
}

test('every address that is described has its right in this list', async () => {
  const { paths } = (await door.get('/openapi.json')).json as { paths: Record<string, Record<string, unknown>> };
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(known.map(([route]) => route).sort()).toEqual(described.sort());
});

test.each(known.filter(([, right]) => right !== 'open'))(
  '%s lets in whom the right to %s is given, and nobody else',
  async (route, right) => {
    const from = { ...session, origin: door.url };
    const evil = { ...session, 'x-sojourn-csrf': '1', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const who: Record<string, [Call, Right[]]> = {
      nobody: [{}, []],
      'a guessed key': [{ key: 'sk_guess_0123456789' }, []],
      'a revoked key': [{ key: revokedKey }, []],
      'a key as a token of a session': [{ headers: { cookie: `${session.cookie?.split('=')[0]}=${secretKey}` } }, []],
      'a browser key': [{ key: browserKey }, ['report']],
      'a server key': [{ key: writeKey }, ['report', 'trigger']],
      'a secret key': [{ key: secretKey }, ['report', 'trigger', 'secret']],
      'an admin': [{ headers: { ...from, 'x-sojourn-csrf': '1' } }, ['trigger', 'secret']],
      'an admin, by a page of another site': [{ headers: evil }, []],
    };
    for (const [name, [call, may]] of Object.entries(who)) {
      const { status } = await ask(route, call);
      expect([name, status !== 401 && status !== 403]).toEqual([name, may.includes(right)]);
      expect([name, status]).not.toEqual([name, 429]);
    }
  },
);
