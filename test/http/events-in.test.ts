import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { maxBatchCalls, setAside, type RefusedCall } from '../../src/events';
import { expectProblem } from './expect-problem';
import { openFrontDoor, writeKey, type FrontDoor } from './front-door';

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(() => door.close());
beforeEach(async () => {
  await door.db.deleteFrom('pending').execute();
  await door.db.deleteFrom('events').execute();
});

const cart = { currency: 'USD', value: 80, items: [{ item_id: 'desk', item_name: 'Desk', price: 80, quantity: 1 }] };

describe('the Segment API', () => {
  test('answers as Segment does, and has committed by then', async () => {
    const answer = await door.post('/v1/track', { userId: 'ann', event: 'add_to_cart', properties: cart });
    expect([answer.status, answer.text]).toEqual([200, '{"success":true}']);
    expect(await door.kept()).toMatchObject([
      { name: 'add_to_cart', type: 'track', properties: cart, planned: true, source: 'http', activity: true },
    ]);
  });

  test.each([
    [
      'identify',
      { userId: 'u', traits: { email: 'u@example.com', plan: 'pro' } },
      'identify',
      { email: 'u@example.com', plan: 'pro' },
      false,
    ],
    [
      'page',
      { userId: 'u', name: 'Home', properties: { url: 'https://x.example/' } },
      'page',
      { name: 'Home', url: 'https://x.example/' },
      true,
    ],
    ['screen', { anonymousId: 'a', name: 'Cart' }, 'screen', { name: 'Cart' }, true],
    ['group', { userId: 'u', groupId: 'g1', traits: { size: 3 } }, 'group', { size: 3, group_id: 'g1' }, false],
    ['alias', { userId: 'u2', previousId: 'a2' }, 'alias', {}, false],
  ])('takes %s', async (type, body, name, properties, activity) => {
    expect((await door.post(`/v1/${type}`, body)).status).toBe(200);
    expect(await door.kept()).toMatchObject([{ type, name, properties, activity }]);
  });

  test('takes a batch as the official libraries send it, one commit for all', async () => {
    const sentAt = new Date().toISOString();
    const answer = await door.post(
      '/v1/batch',
      {
        batch: [
          { type: 'identify', userId: 'u', traits: { name: 'U' }, messageId: 'b1', timestamp: sentAt },
          {
            type: 'track',
            event: 'Product Added',
            userId: 'u',
            properties: { product_id: 7, price: '12.50' },
            messageId: 'b2',
            timestamp: sentAt,
          },
        ],
        sentAt,
        context: { library: { name: 'analytics-node' } },
        writeKey,
      },
      { key: null },
    );
    expect([answer.status, answer.text]).toEqual([200, '{"success":true}']);
    expect(await door.kept()).toMatchObject([
      { name: 'identify', context: { library: { name: 'analytics-node' } } },
      { name: 'add_to_cart', properties: { value: 12.5, items: [{ item_id: '7', price: 12.5, quantity: 1 }] } },
    ]);
  });

  test('takes what the browser client sends: text/plain, short addresses, the key in the body', async () => {
    const answer = await door.call('POST', '/v1/t', {
      raw: JSON.stringify({ writeKey, anonymousId: 'visitor', event: 'login', userId: null }),
      key: null,
      headers: { 'content-type': 'text/plain' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('takes gzip, and a Bearer key', async () => {
    const answer = await door.call('POST', '/v1/track', {
      raw: gzipSync(JSON.stringify({ userId: 'u', event: 'login' })),
      key: null,
      headers: { 'content-encoding': 'gzip', authorization: `Bearer ${writeKey}` },
    });
    expect(answer.status).toBe(200);
  });

  test('takes the names of encodings in any case, and the old name of gzip', async () => {
    const text = JSON.stringify({ userId: 'u', event: 'login' });
    for (const [encoding, raw] of [
      ['GZIP', gzipSync(text)],
      ['x-gzip', gzipSync(text)],
      ['Identity', text],
    ] as const) {
      const headers = { 'content-encoding': encoding };
      expect((await door.call('POST', '/v1/track', { raw, headers })).status, encoding).toBe(200);
    }
  });

  test('keeps an event that the plan does not know, and marks it', async () => {
    expect((await door.post('/v1/track', { userId: 'u', event: 'Wished Upon', properties: { star: 1 } })).status).toBe(
      200,
    );
    expect(await door.kept()).toMatchObject([{ name: 'Wished Upon', planned: false, properties: { star: 1 } }]);
  });

  test('keeps properties that the plan does not name', async () => {
    await door.post('/v1/track', { userId: 'u', event: 'login', properties: { method: 'sso', shade: 'blue' } });
    expect(await door.kept()).toMatchObject([{ properties: { method: 'sso', shade: 'blue' } }]);
  });

  test('answers a preflight, so that pages of any site may report', async () => {
    const answer = await door.call('OPTIONS', '/v1/track', { key: null });
    expect([answer.status, answer.headers.get('access-control-allow-methods')]).toEqual([204, 'POST, OPTIONS']);
  });
});

describe('an event counts once', () => {
  test('by its messageId, whichever the address', async () => {
    const event = { userId: 'u', event: 'login', messageId: 'same-1' };
    const answers = await Promise.all([
      door.post('/v1/track', event),
      door.post('/v1/batch', { batch: [{ type: 'track', ...event }] }),
      door.post('/api/log_event', event),
      door.post('/track-event', event),
      door.post('/v1/track', { ...event, messageId: undefined }, { headers: { 'idempotency-key': 'same-1' } }),
    ]);
    expect(answers.map((a) => a.status)).toEqual([200, 200, 202, 202, 200]);
    expect(await door.kept()).toHaveLength(1);
  });

  test('a repeated Idempotency-Key gets the first answer; another body under it is 422', async () => {
    const headers = { 'idempotency-key': 'order-17' };
    const body = { userId: 'u', event: 'login' };
    expect((await door.post('/v1/track', body, { headers })).status).toBe(200);
    expect((await door.post('/v1/track', body, { headers })).text).toBe('{"success":true}');
    const other = await door.post('/v1/track', { ...body, event: 'logout' }, { headers });
    expect(other).toMatchObject({ status: 422, json: { type: 'urn:sojourn:problem:idempotency-mismatch' } });
    expect(await door.kept()).toMatchObject([{ message_id: 'order-17' }]);
  });

  test('the same Idempotency-Key while the first is in progress is 409', async () => {
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const slow = await openFrontDoor({
      parts: {
        accept: (events) => held.then(() => events.map(() => ({ eventId: '1', personId: '1', duplicate: false }))),
      },
    });
    try {
      const headers = { 'idempotency-key': 'k' };
      const first = slow.post('/v1/track', { userId: 'u', event: 'login' }, { headers });
      await expect.poll(() => slow.db.selectFrom('idempotency_keys').selectAll().execute()).toHaveLength(1);
      const second = await slow.post('/v1/track', { userId: 'u', event: 'login' }, { headers });
      expect([second.status, second.headers.get('retry-after')]).toEqual([409, '1']);
      letGo();
      expect((await first).status).toBe(200);
    } finally {
      letGo();
      await slow.close();
    }
  });

  test('what failed under an Idempotency-Key may be corrected and sent again', async () => {
    const headers = { 'idempotency-key': 'again' };
    expect((await door.post('/v1/track', { userId: 'u' }, { headers })).status).toBe(400);
    expect((await door.post('/v1/track', { userId: 'u', event: 'login' }, { headers })).status).toBe(200);
  });
});

describe('the short form', () => {
  test.each([
    [
      { event: 'add_to_cart', user_id: 'u', product_id: 'desk', price: 80 },
      { value: 80, items: [{ item_id: 'desk', price: 80, quantity: 1 }] },
    ],
    [
      { event: 'add_to_cart', userId: 'u', productId: 'desk', price: '20', quantity: 3 },
      { value: 60, items: [{ item_id: 'desk', price: 20, quantity: 3 }] },
    ],
    [
      { event: 'add_to_cart', userId: 'u', product_id: 'desk', value: 80 },
      { value: 80, items: [{ item_id: 'desk', price: 80, quantity: 1 }] },
    ],
    [{ event: 'add_to_cart', anonymousId: 'a', properties: { value: 9 } }, { value: 9 }],
    [
      { event: 'purchase', userId: 'u', order_id: 5, total: '80' },
      { transaction_id: '5', value: 80 },
    ],
  ])('%j', async (body, properties) => {
    const answer = await door.post('/api/log_event', body);
    expect([answer.status, answer.text]).toEqual([202, '{"accepted":1}']);
    const [event] = await door.kept();
    expect(event?.properties).toEqual(properties);
  });
});

describe('when it happened', () => {
  const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
  const seconds = 1_000;

  test.each([
    ['a right clock', () => ({ timestamp: ago(60 * seconds) }), 60],
    ['a clock an hour slow', () => ({ timestamp: ago(3_660 * seconds), sentAt: ago(3_600 * seconds) }), 60],
    ['a clock an hour fast is never the future', () => ({ timestamp: ago(-3_600 * seconds) }), 0],
    ['no time at all', () => ({}), 0],
  ])('%s', async (_, times, ageS) => {
    const sent = Date.now();
    await door.post('/v1/track', { userId: 'u', event: 'login', ...times() });
    const answered = Date.now();
    const [event] = await door.kept();
    const happened = (event?.occurred_at.getTime() ?? 0) + ageS * seconds;
    // What the sender has rounded away, and the stack's clock in whole milliseconds.
    expect(happened).toBeGreaterThanOrEqual(sent - 5);
    expect(happened).toBeLessThanOrEqual(answered + 5);
  });
});

describe('one bad call in a batch', () => {
  test('does not lose the others, is reported by its index, and is kept aside', async () => {
    const aside: unknown[] = [];
    const other = await openFrontDoor({ parts: { setAside: (calls) => Promise.resolve(void aside.push(...calls)) } });
    try {
      const { status, json } = await other.post('/v1/batch', {
        batch: [
          { type: 'track', userId: 'u', event: 'login' },
          { type: 'track', userId: 'u', event: 'purchase', properties: { value: 'much' } },
          { type: 'dance', userId: 'u' },
          'text',
          { type: 'track', userId: 'u', event: 'logout' },
        ],
      });
      expect(status).toBe(200);
      expect(json).toMatchObject({
        success: true,
        accepted: 2,
        rejected: [
          { index: 1, path: 'properties.value' },
          { index: 2, path: 'type' },
          { index: 3, path: '' },
        ],
      });
      expect((await other.kept()).map((event) => event.name)).toEqual(['login', 'logout']);
      expect(aside).toMatchObject([{ call: { event: 'purchase' }, path: 'properties.value' }, {}, { call: 'text' }]);
    } finally {
      await other.close();
    }
  });

  test('one larger than 32 KB is refused alone', async () => {
    const { status, json } = await door.post('/v1/batch', {
      batch: [
        { type: 'track', userId: 'u', event: 'login' },
        { type: 'track', userId: 'u', event: 'login', properties: { text: 'x'.repeat(33_000) } },
      ],
    });
    expect([status, json['accepted']]).toEqual([200, 1]);
  });

  test('nothing but bad calls is 400, with all of them named', async () => {
    const { status, json } = await door.post('/v1/batch', { batch: [{ type: 'track', userId: 'u' }] });
    expect([status, json['path']]).toEqual([400, 'batch[0].event']);
    expect(json['errors']).toMatchObject([{ index: 0, path: 'event' }]);
  });
});

describe('a batch of many bad calls', () => {
  const bad = (count: number) => `{"batch":[${'1,'.repeat(count)}{"type":"track","userId":"u","event":"login"}]}`;

  test('is kept aside in one go, and named as far as an answer reaches', async () => {
    const other = await openFrontDoor({ parts: { setAside: (calls) => setAside(door.db, calls) } });
    try {
      const { status, json } = await other.call('POST', '/v1/batch', { raw: bad(maxBatchCalls - 1) });
      expect([status, json['accepted'], json['rejectedInAll']]).toEqual([200, 1, maxBatchCalls - 1]);
      expect(json['rejected']).toHaveLength(100);
      expect(await door.db.selectFrom('set_aside').select('call').execute()).toHaveLength(maxBatchCalls - 1);
    } finally {
      await other.close();
    }
  });

  test('has a limit, beyond which none of it counts', async () => {
    for (const count of [maxBatchCalls, 240_000]) {
      const answer = await door.call('POST', '/v1/batch', { raw: bad(count) });
      expectProblem(answer, 413, 'too-large', 'batch');
    }
    expect(await door.kept()).toEqual([]);
  });

  test('more of them than PostgreSQL has parameters are kept aside too', async () => {
    const refused = { call: 1, path: '', detail: 'must be a JSON object', receivedAt: Date.now(), source: 'http' };
    await door.db.deleteFrom('set_aside').execute();
    await setAside(door.db, Array<RefusedCall>(14_000).fill(refused));
    expect(await door.db.selectFrom('set_aside').select('id').execute()).toHaveLength(14_000);
  });

  test('is answered by what was committed, even when they can not be kept aside', async () => {
    const faults: string[] = [];
    const other = await openFrontDoor({
      parts: {
        setAside: () => Promise.reject(Object.assign(new Error('bind message has 9 parameters'), { code: '08P01' })),
        onError: (_, where) => void faults.push(where),
      },
    });
    try {
      const { status, json } = await other.call('POST', '/v1/batch', { raw: bad(1) });
      expect([status, json['accepted'], faults.length]).toEqual([200, 1, 1]);
      expect(await other.kept()).toHaveLength(1);
    } finally {
      await other.close();
    }
  });
});

/** How deep JSON can be written is up to the version of Node. */
function canBeWritten(value: unknown): boolean {
  try {
    return JSON.stringify(value).length > 0;
  } catch {
    return false;
  }
}

test('calls that can not be stored as they came are kept aside as text', async () => {
  await door.db.deleteFrom('set_aside').execute();
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const good = '{"type":"track","userId":"u","event":"login"}';
  const odd = [
    `{"text":"a\\u0000b"}`,
    `{"half":"\\ud800"}`,
    `{"\\u0000":1}`,
    `{"path":"C:\\\\u0000"}`,
    `{"deep":${deep}}`,
  ];
  const parts = { setAside: (calls: RefusedCall[]) => setAside(door.db, calls) };
  const other = await openFrontDoor({ parts });
  try {
    const { status, json } = await other.call('POST', '/v1/batch', { raw: `{"batch":[${[...odd, good].join()}]}` });
    expect([status, json['accepted']]).toEqual([200, 1]);
    const kept = await door.db.selectFrom('set_aside').select('call').orderBy('id').execute();
    expect(kept.map(({ call }) => call)).toEqual([
      ...odd.slice(0, 3),
      { path: 'C:\\u0000' },
      canBeWritten(JSON.parse(deep)) ? odd[4]?.slice(0, 32 * 1024) : 'nested too deep to be kept',
    ]);
  } finally {
    await other.close();
  }
});

describe('the facts of the stack’s clock', () => {
  test('ages are multiplied by the scale', async () => {
    const fast = await openFrontDoor({ scale: 60 });
    try {
      const sent = Date.now();
      await fast.post('/v1/track', { userId: 'u', event: 'login', timestamp: new Date(sent - 2_000).toISOString() });
      const tookMs = Date.now() - sent;
      const rows = await fast.db.selectFrom('events').select(['accepted_at', 'occurred_at']).execute();
      const ageMs = (rows[0]?.accepted_at.getTime() ?? 0) - (rows[0]?.occurred_at.getTime() ?? 0);
      expect(ageMs).toBeGreaterThan(119_000);
      expect(ageMs).toBeLessThanOrEqual((2_000 + tookMs + 5) * 60);
    } finally {
      await fast.close();
    }
  });
});
