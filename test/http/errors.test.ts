/** Every error of the API's contract, through the front door. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { KyselyPlugin } from 'kysely';
import { createClock } from '../../src/clock';
import { createKeys, type LimitOptions } from '../../src/http';
import { freshDatabase } from '../support';
import { expectProblem } from './expect-problem';
import { openFrontDoor, secretKey, somebody, writeKey, type FrontDoor } from './front-door';

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
  await door.post('/v1/track', login);
});
afterAll(() => door.close());

const cursorOf = (text: string) => Buffer.from(text).toString('base64url');
const login = { userId: 'u', event: 'login' };

describe('400: bad JSON or schema', () => {
  test.each(['{', '', '{"a":}', 'null junk'])('a body that is no JSON: %j', async (raw) => {
    for (const path of ['/v1/track', '/v1/batch', '/api/log_event', '/api/trigger/abandoned-cart']) {
      expectProblem(await door.call('POST', path, { raw }), 400, 'bad-json');
    }
  });

  test.each<[string, unknown, string]>([
    ['/v1/track', [], ''],
    ['/v1/track', null, ''],
    ['/v1/track', { event: 'login' }, 'userId'],
    ['/v1/track', { userId: 'u' }, 'event'],
    ['/v1/track', { userId: '', event: 'login' }, 'userId'],
    ['/v1/track', { userId: 'u'.repeat(257), event: 'login' }, 'userId'],
    ['/v1/track', { userId: 'anonymous:x', event: 'login' }, 'userId'],
    ['/v1/track', { userId: {}, event: 'login' }, 'userId'],
    ['/v1/track', { ...login, event: ' login' }, 'event'],
    ['/v1/track', { ...login, event: 7 }, 'event'],
    ['/v1/track', { ...login, messageId: 'm'.repeat(257) }, 'messageId'],
    ['/v1/track', { ...login, messageId: 'sojourn:click/snd_1/0' }, 'messageId'],
    ['/v1/identify', { userId: 'u', messageId: 'sojourn:' }, 'messageId'],
    ['/api/log_event', { ...login, message_id: 'sojourn:absence/re-engagement/1/0' }, 'messageId'],
    ['/api/trigger/abandoned-cart', { userId: 'u', messageId: 'sojourn:x' }, 'messageId'],
    ['/v1/track', { ...login, userId: 1_234_567_890_123_456_789 }, 'userId'],
    ['/v1/alias', { userId: 'u', previousId: -1_234_567_890_123_456_789 }, 'previousId'],
    ['/v1/track', { ...login, timestamp: 'yesterday' }, 'timestamp'],
    ['/v1/track', { ...login, timestamp: 'line 7' }, 'timestamp'],
    ['/v1/track', { ...login, properties: [] }, 'properties'],
    ['/v1/track', { ...login, properties: { method: 5 } }, 'properties.method'],
    [
      '/v1/track',
      { ...login, event: 'purchase', properties: { items: [{ price: 1 }, { price: 'x' }] } },
      'properties.items[1].price',
    ],
    [
      '/v1/track',
      { ...login, event: 'Product Added', properties: { product_id: 'p', price: 'x' } },
      'properties.price',
    ],
    [
      '/v1/track',
      { ...login, event: 'Order Completed', properties: { products: [{ price: 'x' }] } },
      'properties.products[0].price',
    ],
    ['/v1/track', { ...login, event: 'trigger_requested' }, 'event'],
    ['/v1/track', { ...login, event: 'absence_reached' }, 'event'],
    ['/v1/track', { ...login, event: 'message_clicked' }, 'event'],
    ['/v1/track', { ...login, event: 'other', properties: { text: 'a\0b' } }, 'properties.text'],
    ['/v1/track', { ...login, event: 'other', properties: { list: ['ok', '\ud800'] } }, 'properties.list[1]'],
    ['/v1/track', { ...login, event: 'other', properties: { 'a\0': 1 } }, 'properties'],
    ['/v1/track', { ...login, userId: 'a\0b' }, 'userId'],
    ['/v1/identify', { userId: 'u', traits: { email: 'not an address' } }, 'traits.email'],
    ['/v1/identify', { userId: 'u', traits: { email: 'a@b.example\nBcc: c@d.example' } }, 'traits.email'],
    ['/v1/alias', { userId: 'u' }, 'previousId'],
    ['/v1/batch', {}, 'batch'],
    ['/v1/batch', { batch: [] }, 'batch'],
    ['/api/log_event', { userId: 'u' }, 'event'],
    ['/api/log_event', { event: 'add_to_cart', userId: 'u', product_id: 'p', price: 'x' }, 'price'],
    ['/api/trigger/abandoned-cart', { cartValue: 80 }, 'userId'],
    ['/api/trigger/abandoned-cart', { userId: 'anonymous:v' }, 'userId'],
    ['/api/trigger/abandoned-cart', { anonymousId: 'person:7' }, 'anonymousId'],
    ['/api/trigger/abandoned-cart', { userId: 'u', cartValue: 'much' }, 'cartValue'],
    ['/api/trigger/abandoned-cart', { userId: 1_234_567_890_123_456_789 }, 'userId'],
    ['/api/trigger/abandoned-cart', { userId: 'u', lastActivity: 'once' }, 'lastActivity'],
    ['/api/trigger/abandoned-cart', { userId: 'u', lastActivity: 'line 7' }, 'lastActivity'],
    ['/api/trigger/abandoned-cart', { userId: 'u', note: 'a\0b' }, 'note'],
    ['/api/trigger/abandoned-cart', [], ''],
  ])('%s %j: the wrong field is %j', async (path, body, field) => {
    expectProblem(
      await door.post(path, body),
      400,
      path.includes('trigger') ? 'invalid-request' : 'invalid-event',
      field || undefined,
    );
  });

  test('a body in another encoding than UTF-8, whose letters would all become the same one', async () => {
    const raw = Buffer.from('{"userId":"J\u00fcrgen","event":"login"}', 'latin1');
    for (const path of ['/v1/track', '/api/log_event', '/api/trigger/abandoned-cart']) {
      expectProblem(await door.call('POST', path, { raw }), 400, 'bad-json');
    }
  });

  test('depth, number of keys, and a key that reaches for the prototype', async () => {
    const nest = (depth: number): unknown => (depth === 0 ? 1 : { in: nest(depth - 1) });
    const many = Object.fromEntries(Array.from({ length: 1_500 }, (_, index) => [`k${index}`, index]));
    for (const properties of [{ a: nest(20) }, many]) {
      expectProblem(await door.post('/v1/track', { ...login, event: 'other', properties }), 400, 'invalid-event');
    }
    const raw = '{"userId":"u","event":"other","properties":{"__proto__":{"admin":true}}}';
    expectProblem(await door.call('POST', '/v1/track', { raw }), 400, 'invalid-event', 'properties');
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  test.each([
    ['/v1/runs?state=sleeping', 'state'],
    ['/v1/runs?limit=0', 'limit'],
    ['/v1/runs?limit=100000', 'limit'],
    ['/v1/runs?limit=x', 'limit'],
    ['/v1/runs?before=first', 'before'],
    ['/v1/runs?colour=red', 'colour'],
    ['/v1/runs/x', 'id'],
    ['/v1/messages?state=lost', 'state'],
    ['/v1/messages?before=%00', 'before'],
    ['/v1/messages/%2e%2e%2f', 'id'],
    ['/v1/runs?journey=a&journey=b', 'journey'],
    [`/v1/people/u/timeline?before=${cursorOf('[[1e300,"0",0]]')}`, undefined],
    [`/v1/messages?before=${cursorOf('[1e300,"x"]')}`, 'before'],
    [`/v1/messages?before=${cursorOf('[1,"\\u0000"]')}`, undefined],
    ['/v1/runs?journey=%00', undefined],
  ])('%s', async (path, field) => {
    expectProblem(await door.get(path), 400, 'invalid-request', field);
  });

  test('an address with a broken escape', async () => {
    expectProblem(await door.get('/v1/people/%zz'), 400, 'invalid-request');
  });

  test('an Idempotency-Key that is too long, or that only Sojourn may use as the message id that it is', async () => {
    for (const key of ['k'.repeat(300), 'sojourn:x', '"sojourn:x"']) {
      const headers = { 'idempotency-key': key };
      for (const path of ['/v1/track', '/api/trigger/abandoned-cart']) {
        expectProblem(await door.post(path, login, { headers }), 400, 'invalid-request', 'Idempotency-Key');
      }
    }
  });
});

describe('404, 405', () => {
  test.each([
    ['GET', '/nothing'],
    ['GET', '/v1/people/nobody'],
    ['GET', '/v1/people/anonymous:nobody/timeline'],
    ['GET', '/v1/people/person:99999999'],
    ['GET', '/v1/runs/99999999'],
    ['GET', '/v1/runs?person=nobody'],
    ['POST', '/v1/runs/99999999/exit'],
    ['GET', '/v1/messages/snd_none'],
    ['GET', '/v1/journeys/none'],
    ['POST', '/v1/journeys/none/pause'],
    ['POST', '/v1/templates/none/pause'],
    ['POST', '/v1/templates/none/resume'],
    ['POST', '/api/trigger/none'],
  ])('%s %s', async (method, path) => {
    const body = method === 'POST' ? {} : undefined;
    expectProblem(await door.call(method, path, { key: secretKey, body }), 404, 'not-found');
  });

  test('a name that fills the address', async () => {
    const name = 's'.repeat(15_000);
    expectProblem(await door.get(`/v1/journeys/${name}`), 404, 'not-found', 'id');
    expectProblem(await door.post(`/api/trigger/${name}`, { userId: 'u' }), 404, 'not-found', 'journey');
  });

  test('a known address with another method says which there are', async () => {
    const answer = await door.call('PUT', '/v1/track', { body: login });
    expectProblem(answer, 405, 'method-not-allowed');
    expect(answer.headers.get('allow')).toBe('POST, OPTIONS');
  });
});

describe('413 and 415', () => {
  const big = (bytes: number) => ({ ...login, event: 'other', properties: { text: 'x'.repeat(bytes) } });

  test('an event of more than 32 KB, a batch of more than 500 KB', async () => {
    expectProblem(await door.post('/v1/track', big(33_000)), 413, 'too-large');
    expectProblem(await door.post('/api/log_event', big(33_000)), 413, 'too-large');
    expectProblem(await door.post('/api/trigger/abandoned-cart', big(33_000)), 413, 'too-large');
    const batch = Array.from({ length: 20 }, () => ({ type: 'track', ...big(30_000) }));
    expectProblem(await door.post('/v1/batch', { batch }), 413, 'too-large');
    expect((await door.post('/v1/batch', { batch: batch.slice(0, 10) })).status).toBe(200);
  });

  test('one that does not say its length, and one that is large only when unpacked', async () => {
    const { hostname, port } = new URL(door.url);
    const head = `POST /v1/track HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\nauthorization: Bearer ${writeKey}\r\n\r\n`;
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write(`${head}ffff\r\n${'x'.repeat(0xffff)}\r\n`));
      socket.once('data', (data) => resolve(data.toString()));
      socket.once('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    const { gzipSync } = await import('node:zlib');
    const raw = gzipSync(JSON.stringify(big(10_000_000)));
    expect(raw.length).toBeLessThan(32_000);
    expectProblem(
      await door.call('POST', '/v1/track', { raw, headers: { 'content-encoding': 'gzip' } }),
      413,
      'too-large',
    );
  });

  test('what is not JSON by its type, or packed in an unknown way', async () => {
    for (const type of ['application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await door.call('POST', '/v1/track', { raw: '{}', headers: { 'content-type': type } });
      expectProblem(answer, 415, 'unsupported-media-type');
    }
    const packed = await door.call('POST', '/v1/track', { raw: '{}', headers: { 'content-encoding': 'br' } });
    expectProblem(packed, 415, 'unsupported-media-type');
    expect(
      (await door.post('/v1/track', login, { headers: { 'content-type': 'application/json; charset=utf-8' } })).status,
    ).toBe(200);
  });
});

describe('429', () => {
  test('past the rate of its key, with Retry-After', async () => {
    const tight = await openFrontDoor({ parts: { limits: { perKey: { perSecond: 1, burst: 3 } } } });
    try {
      const answers = await Promise.all(Array.from({ length: 6 }, () => tight.post('/v1/track', login)));
      expect(answers.map((a) => a.status).sort()).toEqual([200, 200, 200, 429, 429, 429]);
      const refused = answers.find((a) => a.status === 429);
      expectProblem(refused!, 429, 'too-many-requests');
      expect(Number(refused!.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    } finally {
      await tight.close();
    }
  });

  test('for a key that lives in pages, of all events that come from an address, however they are packed', async () => {
    const tight = await openFrontDoor({ parts: { limits: { perBrowserAddress: { perSecond: 0.01, burst: 5 } } } });
    try {
      const { key } = await tight.keys.create({ kind: 'browser', name: 'shop' }, somebody);
      const batchOf = (count: number) => ({
        batch: Array.from({ length: count }, () => ({ type: 'track', anonymousId: 'v', event: 'login' })),
      });
      // What is more than may come at once is taken, and waited for afterwards: else it could never be sent.
      expect((await tight.post('/v1/batch', batchOf(3), { key })).status).toBe(200);
      expect((await tight.post('/v1/batch', batchOf(12), { key })).status).toBe(200);
      const refused = await tight.post('/v1/batch', batchOf(1), { key });
      expectProblem(refused, 429, 'too-many-requests');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1_000);
      expect(await tight.kept()).toHaveLength(15);
      expect((await tight.post('/v1/batch', batchOf(12))).status).toBe(200);
    } finally {
      await tight.close();
    }
  });

  test('guessing keys is slowed down by address', async () => {
    const tight = await openFrontDoor({ parts: { limits: { perRefusedAddress: { perSecond: 1, burst: 5 } } } });
    try {
      const statuses = [];
      for (let n = 0; n < 8; n++) statuses.push((await tight.get('/v1/runs', { key: `sk_guess_${n}_0000000` })).status);
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
      expect((await tight.get('/v1/runs')).status).toBe(200);
    } finally {
      await tight.close();
    }
  });
});

describe('keys that are guessed', () => {
  /** A door with a count of what its keys ask of the store. */
  async function counted(limits: LimitOptions) {
    const database = await freshDatabase();
    let asked = 0;
    const count: KyselyPlugin = {
      transformQuery: ({ node }) => {
        if (node.kind === 'SelectQueryNode') asked++;
        return node;
      },
      transformResult: ({ result }) => Promise.resolve(result),
    };
    const clock = createClock({ epoch: Date.now(), scale: 1 });
    const keys = createKeys({ db: database.db.withPlugin(count), clock, writeKey, secretKey });
    const door = await openFrontDoor({ database, parts: { keys, limits } });
    return { door, asked: () => asked, close: () => door.close().then(() => database.drop()) };
  }

  test('are asked of the store no more often than an address may guess; keys that are known still work', async () => {
    const { door, asked, close } = await counted({ perRefusedAddress: { perSecond: 0.001, burst: 5 } });
    try {
      const { key } = await door.keys.create({ kind: 'server', name: 'shop' }, somebody);
      expect((await door.post('/v1/track', login, { key })).status).toBe(200);
      const guess = (n: number) => door.get('/v1/runs', { key: `sk_guess_${n}_0000000` });
      const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => guess(n)));
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(25);
      expect(asked()).toBe(6);
      expect((await door.post('/v1/track', login, { key })).status).toBe(200);
    } finally {
      await close();
    }
  });

  test('are asked of the store once each', async () => {
    const { door, asked, close } = await counted({});
    try {
      for (let times = 0; times < 3; times++) await door.get('/v1/runs', { key: 'sk_guess_0000000000' });
      expect(asked()).toBe(1);
    } finally {
      await close();
    }
  });
});

test('whoever asks many times at once whether it is ready costs the store one question', async () => {
  const asked: (() => void)[] = [];
  const slow = await openFrontDoor({
    parts: { readiness: { store: () => new Promise<void>((resolve) => asked.push(resolve)) } },
  });
  const { hostname, port } = new URL(slow.url);
  // In one piece over one connection, so that all are there before the first is answered.
  const socket = connect(Number(port), hostname, () =>
    socket.write('GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(10)),
  );
  let heard = '';
  socket.on('data', (data) => (heard += data.toString()));
  const answered = () => heard.split('HTTP/1.1 200 OK').length - 1;
  try {
    await vi.waitFor(() => expect(asked).not.toEqual([]), 30_000);
    asked[0]!();
    await vi.waitFor(() => expect(answered()).toBe(10), 30_000);
    expect(asked).toHaveLength(1);
    // What was answered is not kept: the next one is told how it is by then.
    socket.write('GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n');
    await vi.waitFor(() => expect(asked).toHaveLength(2), 30_000);
  } finally {
    socket.destroy();
    await slow.close();
  }
});

test('what the parts said when somebody asked whether it is ready is told to the overview, for some seconds', async () => {
  let asked = 0;
  const counted = await openFrontDoor({ parts: { readiness: { store: async () => void asked++ } } });
  const started = performance.now();
  const now = vi.spyOn(performance, 'now').mockReturnValue(started);
  try {
    await counted.get('/readyz');
    expect((await counted.get('/v1/overview')).json).toMatchObject({ parts: { store: { ready: true } } });
    expect(asked).toBe(1);
    now.mockReturnValue(started + 6_000);
    await counted.get('/v1/overview');
    await counted.get('/v1/overview');
    expect(asked).toBe(2);
  } finally {
    now.mockRestore();
    await counted.close();
  }
});

test('no answer says what runs here, and all refuse to be sniffed', async () => {
  for (const path of ['/', '/v1/runs', '/nothing']) {
    const { headers } = await door.get(path);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
});
