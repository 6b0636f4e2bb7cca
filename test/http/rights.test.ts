/** Who may do what: keys and their kinds. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signUserId } from '../../src/http';
import { withoutForeignAddresses } from '../../src/http/foreign-addresses';
import { expectProblem } from './expect-problem';
import { openFrontDoor, secretKey, signingKey, somebody, writeKey, type FrontDoor } from './front-door';

let door: FrontDoor;
let browserKey: string;
beforeAll(async () => {
  door = await openFrontDoor();
  browserKey = (await door.keys.create({ kind: 'browser', name: 'shop' }, somebody)).key;
});
afterAll(() => door.close());

const login = { userId: 'u', event: 'login' };

const personOf = async (userId: string) => String((await door.get(`/v1/people/${userId}`)).json['id']);

describe('401: who asks', () => {
  test.each([null, 'wk_unknown_0123456789', 'x'])('key %j', async (key) => {
    for (const [method, path] of [
      ['POST', '/v1/track'],
      ['POST', '/v1/batch'],
      ['POST', '/api/log_event'],
      ['POST', '/api/trigger/abandoned-cart'],
      ['GET', '/v1/runs'],
      ['GET', '/v1/people/u'],
      ['GET', '/metrics'],
    ] as const) {
      const answer = await door.call(method, path, { key, body: method === 'POST' ? login : undefined });
      expectProblem(answer, 401, 'unauthorized');
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /);
    }
  });

  test('a revoked key', async () => {
    const { id, key } = await door.keys.create({ kind: 'server', name: 'old' }, somebody);
    expect((await door.post('/v1/track', login, { key })).status).toBe(200);
    await door.keys.revoke(id, somebody);
    expectProblem(await door.post('/v1/track', login, { key }), 401, 'unauthorized');
  });

  test('a wrong writeKey in the body', async () => {
    expectProblem(
      await door.post('/v1/track', { ...login, writeKey: 'wk_unknown_012345' }, { key: null }),
      401,
      'unauthorized',
    );
  });
});

describe('403: what a key may not do', () => {
  test('a write key may not read', async () => {
    for (const path of [
      '/v1/runs',
      '/v1/journeys',
      '/v1/people/u',
      '/v1/messages',
      '/v1/templates/paused',
      '/v1/audit',
      '/metrics',
    ]) {
      expectProblem(await door.get(path, { key: writeKey }), 403, 'forbidden');
    }
  });

  test('a write key may not pause messages', async () => {
    for (const verb of ['pause', 'resume']) {
      expectProblem(await door.post(`/v1/templates/cart-reminder/${verb}`, undefined), 403, 'forbidden');
    }
  });

  test('a browser key may not ask for journeys', async () => {
    expectProblem(
      await door.post('/api/trigger/abandoned-cart', { userId: 'u' }, { key: browserKey }),
      403,
      'forbidden',
    );
  });

  test('a secret key does not belong into a body', async () => {
    expectProblem(await door.post('/v1/track', { ...login, writeKey: secretKey }, { key: null }), 403, 'forbidden');
  });

  test('a browser key speaks for a user only with a signature of the site’s server', async () => {
    const key = browserKey;
    expect((await door.post('/v1/track', { anonymousId: 'v1', event: 'login' }, { key })).status).toBe(200);
    expectProblem(await door.post('/v1/track', login, { key }), 403, 'forbidden', 'userId');
    expectProblem(
      await door.post('/v1/track', { ...login, userIdSignature: 'AAAA' }, { key }),
      403,
      'forbidden',
      'userId',
    );
    const other = signUserId(signingKey, 'somebody-else');
    expectProblem(
      await door.post('/v1/track', { ...login, userIdSignature: other }, { key }),
      403,
      'forbidden',
      'userId',
    );
    const userIdSignature = signUserId(signingKey, 'u');
    expect((await door.post('/v1/track', { ...login, userIdSignature }, { key })).status).toBe(200);
    expect((await door.post('/v1/track', { ...login, context: { userIdSignature } }, { key })).status).toBe(200);
    expect((await door.kept()).at(-1)?.context).toEqual({});
  });

  test('a browser key may not set addresses', async () => {
    for (const traits of [{ email: 'me@example.com' }, { phone: '+15551234567' }]) {
      const userIdSignature = signUserId(signingKey, 'u');
      const known = await door.post('/v1/identify', { userId: 'u', userIdSignature, traits }, { key: browserKey });
      expectProblem(known, 403, 'forbidden', `traits.${Object.keys(traits)[0]}`);
      expectProblem(
        await door.post('/v1/identify', { anonymousId: 'v', traits }, { key: browserKey }),
        403,
        'forbidden',
      );
    }
  });

  test('a browser key may not join two known users', async () => {
    await door.post('/v1/identify', { userId: 'first', anonymousId: 'visitor-of-first' });
    await door.post('/v1/identify', { userId: 'second' });
    const userIdSignature = signUserId(signingKey, 'second');
    for (const previousId of ['first', 'visitor-of-first']) {
      const answer = await door.post(
        '/v1/alias',
        { userId: 'second', previousId, userIdSignature },
        { key: browserKey },
      );
      expectProblem(answer, 403, 'forbidden', 'previousId');
    }
    const fresh = await door.post(
      '/v1/alias',
      { userId: 'second', previousId: 'nobody-yet', userIdSignature },
      { key: browserKey },
    );
    expect(fresh.status).toBe(200);
  });

  test.each(['server', 'secret'] as const)('a %s key may, by a call of its own and by one of a batch', async (kind) => {
    const { key } = await door.keys.create({ kind, name: kind }, somebody);
    for (const user of ['old', 'older', 'new']) await door.post('/v1/identify', { userId: `${user} by ${kind}` });
    const userId = `new by ${kind}`;
    expect((await door.post('/v1/alias', { userId, previousId: `old by ${kind}` }, { key })).status).toBe(200);
    const batch = [{ type: 'alias', userId, previousId: `older by ${kind}` }];
    expect((await door.post('/v1/batch', { batch }, { key })).status).toBe(200);
    await door.decider.decide([await personOf(userId)]);
    const answers = [userId, ...['old', 'older'].map((user) => `${user} by ${kind}`)].map((user) =>
      door.get(`/v1/people/${user}`),
    );
    for (const { json } of await Promise.all(answers)) {
      expect(json).toMatchObject({ userId, otherUserIds: [`old by ${kind}`, `older by ${kind}`], anonymousIds: [] });
    }
  });

  test('a browser key does so by no detour', async () => {
    const proven = (userId: string) => ({ userId, userIdSignature: signUserId(signingKey, userId) });
    const key = browserKey;
    const users = ['mine', 'theirs', 'later', 'beside', 'third'];
    for (const user of ['mine', 'theirs']) await door.post('/v1/identify', { userId: user });
    const alias = { ...proven('mine'), previousId: 'theirs', joinsUsers: true, context: { joinsUsers: true } };
    const batch = [{ type: 'alias', ...alias }];
    expectProblem(await door.post('/v1/batch', { batch }, { key }), 400, 'invalid-event', 'batch[0].previousId');
    // Before they are known, or in one request with what makes them known: what it says is about a device.
    const own = [
      { type: 'identify', ...proven('mine'), anonymousId: 'theirs' },
      { type: 'alias', ...proven('mine'), previousId: 'later' },
      { type: 'alias', ...proven('mine'), previousId: 'beside' },
      { type: 'identify', ...proven('beside') },
    ];
    expect((await door.post('/v1/batch', { batch: own }, { key })).json).toEqual({ success: true });
    await door.post('/v1/identify', { userId: 'later' });
    // Nor does the server's own alias say so, where the device is named.
    await door.post('/v1/identify', { userId: 'third' });
    await door.post('/v1/track', { ...proven('mine'), anonymousId: 'device', event: 'login' }, { key });
    await door.post('/v1/alias', { userId: 'third', previousId: 'device' });
    await door.decider.decide(await Promise.all(users.map(personOf)));
    for (const user of users) {
      expect((await door.get(`/v1/people/${user}`)).json).toMatchObject({ userId: user, otherUserIds: [] });
    }
  });

  test('a browser key takes no message id away from the site’s server, nor from another visitor', async () => {
    const messageId = 'order-1041';
    const purchase = { event: 'purchase', properties: { value: 80 }, messageId };
    const key = browserKey;
    for (const anonymousId of ['eve', 'buyer', 'u9']) {
      expect((await door.post('/v1/track', { ...purchase, anonymousId }, { key })).status).toBe(200);
    }
    // By the header, too; and the same visitor's own repetition counts once, also within a batch.
    const byHeader = { key, headers: { 'idempotency-key': messageId } };
    expect((await door.post('/v1/track', { event: 'logout', anonymousId: 'mallory' }, byHeader)).status).toBe(200);
    await door.post('/v1/batch', { batch: [{ type: 'track', ...purchase, anonymousId: 'buyer' }] }, { key });
    const userIdSignature = signUserId(signingKey, 'u9');
    await door.post('/v1/track', { ...purchase, userId: 'u9', userIdSignature }, { key });
    await door.post('/v1/track', { ...purchase, userId: 'u9' });
    const kept = (await door.kept()).filter(({ message_id }) => message_id.endsWith(messageId));
    expect(kept.map(({ name, source }) => [name, source])).toEqual([
      ['purchase', 'browser'],
      ['purchase', 'browser'],
      ['purchase', 'browser'],
      ['logout', 'browser'],
      ['purchase', 'browser'],
      ['purchase', 'http'],
    ]);
  });

  test('nor does it by the header of repetitions, nor by how ids are put together', async () => {
    const header = { key: browserKey, headers: { 'idempotency-key': 'order-1042' } };
    expect((await door.post('/v1/track', { event: 'logout', anonymousId: 'eve' }, header)).status).toBe(200);
    const purchase = { event: 'purchase', properties: { value: 80 }, anonymousId: 'buyer' };
    for (const _ of ['the first', 'its repetition']) {
      expect((await door.post('/v1/track', purchase, header)).status).toBe(200);
    }
    const login = (userId: string, messageId: string) => ({
      ...{ event: 'login', userId, userIdSignature: signUserId(signingKey, userId), messageId },
    });
    for (const body of [login('team', 'ada/order-1042'), login('team/ada', 'order-1042')]) {
      expect((await door.post('/v1/track', body, { key: browserKey })).status).toBe(200);
    }
    const kept = (await door.kept()).filter(({ message_id }) => message_id.endsWith('order-1042'));
    expect(kept.map(({ name }) => name)).toEqual(['logout', 'purchase', 'login', 'login']);
  });

  test('in a batch of a browser key, what it may not say is reported by its index', async () => {
    const { json } = await door.post(
      '/v1/batch',
      {
        batch: [
          { type: 'track', anonymousId: 'v', event: 'login' },
          { type: 'track', ...login },
        ],
      },
      { key: browserKey },
    );
    expect(json).toMatchObject({ accepted: 1, rejected: [{ index: 1, path: 'userId' }] });
  });
});

describe('addresses of other sites do not come in with a browser key', () => {
  const foreign = [
    'https://evil.example/x',
    '\u0001https://evil.example/x',
    'ht\ntps://evil.example/x',
    '\u00a0https://evil.example',
    'https:evil.example',
    'https:\\\\evil.example',
    'HTTP://EVIL.example',
    'https://shop.example@evil.example/',
    'https://shop.example.evil.example/',
    'https://ev\u0131l.example/',
    '//evil.example/x.png',
    '/\\evil.example',
    'Have a look: https://evil.example/x',
    'javascript:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,x',
    'mailto:eve@evil.example',
  ];
  const harmless = ['Desk', 'note: wide', '12:30', 'a/b', '/desk?x=1', 'https://shop.example/desk', ''];

  test.each(foreign)('%j', (text) => {
    const properties = { items: [{ item_id: 'i', url: text }, text], note: text, deep: { in: [{ note: text }] } };
    const clean = { items: [{ item_id: 'i' }], deep: { in: [{}] } };
    expect(withoutForeignAddresses(properties, new Set(['shop.example']))).toEqual(clean);
  });

  test.each(harmless)('but %j does', (text) => {
    const properties = { items: [{ item_id: text }], note: text, deep: { in: [text] } };
    expect(withoutForeignAddresses(properties, new Set(['shop.example']))).toEqual(properties);
  });

  test('in whatever it reports', async () => {
    const shop = await openFrontDoor({ parts: { allowedHosts: ['shop.example'] } });
    try {
      const { key } = await shop.keys.create({ kind: 'browser', name: 'shop' }, somebody);
      const url = '\u0001https://evil.example/x';
      const image_url = 'https://shop.example/desk.png';
      const items = [{ item_id: 'i', url, image_url, item_brand: 'javascript:1' }];
      const event = { anonymousId: 'v', event: 'view_item', properties: { items, coupon: url } };
      await shop.post('/v1/track', event, { key });
      await shop.post(
        '/v1/page',
        { anonymousId: 'v', name: 'Home', properties: { referrer: url, path: '/' } },
        { key },
      );
      await shop.post('/v1/identify', { anonymousId: 'v', traits: { name: url, plan: 'pro' } }, { key });
      expect((await shop.kept()).map(({ properties }) => properties)).toEqual([
        { items: [{ item_id: 'i', image_url }] },
        { name: 'Home', path: '/' },
        { plan: 'pro' },
      ]);
      await shop.post('/v1/track', event, { key: writeKey });
      expect((await shop.kept()).at(-1)?.properties).toEqual({ items, coupon: url });
    } finally {
      await shop.close();
    }
  });
});
