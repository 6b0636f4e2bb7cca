/** The addresses inside messages, the trigger forms, and the inbox of development. */
import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InboxAnswer } from '../../src/http/answers';
import { expectProblem } from './expect-problem';
import { openFrontDoor, secretKey, writeKey, type FrontDoor } from './front-door';

let door: FrontDoor;
let personId: string;

const mail = {
  id: 7,
  at: Date.UTC(2026, 0, 31, 9),
  from: 'shop@example.com',
  to: ['ann@example.com'],
  subject: '<b>Your desk</b>',
  messageId: '<m@example.com>',
  headers: { subject: '<b>Your desk</b>' },
  text: 'It waits <here>.',
  html: '<p>It waits</p><script>alert(1)</script>',
};

beforeAll(async () => {
  const inbox = { list: () => [mail], get: (id: number) => (id === mail.id ? mail : undefined) };
  door = await openFrontDoor({ parts: { inbox } });
  await door.post('/v1/identify', { userId: 'ann', traits: { email: 'ann@example.com' } });
  personId = (await door.db.selectFrom('people').select('id').executeTakeFirstOrThrow()).id;
  await door.db
    .insertInto('sends')
    .values({
      id: 'snd_a',
      step_key: 'k',
      run_id: '5',
      person_id: personId,
      journey: 'cart-abandonment',
      step: 'send cart-reminder',
      message: 'cart-reminder',
      channel: 'email',
      kind: 'marketing',
      state: 'sent',
      props: '{}',
      created_at: new Date(),
    })
    .execute();
  const urls = ['https://shop.example/tisch-für-zwei', 'javascript:alert(1)', 'https://shop.example/stuhl'];
  await door.db
    .insertInto('links')
    .values(urls.map((url, position) => ({ send_id: 'snd_a', position, url })))
    .execute();
});
afterAll(() => door.close());

describe('a tracked link', () => {
  const clicks = async () => (await door.kept()).filter((event) => event.name === 'message_clicked');

  test('leads to the address in the store, and its click is told once', async () => {
    const path = `/t/${door.signer.click({ sendId: 'snd_a', position: 0 })}`;
    const head = await door.call('HEAD', path, { key: null });
    expect([head.status, await clicks()]).toEqual([302, []]);
    for (let times = 0; times < 2; times++) {
      const answer = await door.get(`${path}?to=https://evil.example`, { key: null });
      expect([answer.status, answer.headers.get('location')]).toEqual([
        302,
        'https://shop.example/tisch-f%C3%BCr-zwei',
      ]);
    }
    expect(await clicks()).toMatchObject([
      {
        person_id: personId,
        activity: false,
        properties: { message_id: 'snd_a', message: 'cart-reminder', run_id: '5' },
      },
    ]);
  });

  test('is told of under an id that nobody else can take before', async () => {
    await door.post('/v1/track', { userId: 'eve', event: 'login', messageId: 'click/snd_a/2' });
    const answer = await door.get(`/t/${door.signer.click({ sendId: 'snd_a', position: 2 })}`, { key: null });
    expect(answer.status).toBe(302);
    expect((await clicks()).map(({ message_id }) => message_id)).toContain('sojourn:click/snd_a/2');
  });

  test('with a token that is not ours, or for another purpose, leads nowhere', async () => {
    const good = door.signer.click({ sendId: 'snd_a', position: 0 });
    const tokens = [
      `${good}x`,
      'https:evil.example',
      door.signer.unsubscribe({ personId, topic: '*', sendId: 'snd_a' }),
      door.signer.click({ sendId: 'snd_a', position: 9 }),
      door.signer.click({ sendId: 'snd_a', position: 1 }),
      door.signer.click({ sendId: 'gone', position: 0 }),
    ];
    for (const token of tokens) {
      const answer = await door.get(`/t/${encodeURIComponent(token)}`, { key: null });
      expect([answer.status, answer.headers.get('location')]).toEqual([404, null]);
    }
  });
});

describe('unsubscribing', () => {
  const consents = () => door.db.selectFrom('consents').select(['person_id', 'topic', 'state', 'source']).execute();

  test('the GET asks, the one-click POST of RFC 8058 acts, and may be repeated', async () => {
    const path = `/u/${door.signer.unsubscribe({ personId, topic: 'reminders', sendId: 'snd_a' })}`;
    const asked = await door.get(path, { key: null });
    expect([asked.status, await consents()]).toEqual([200, []]);
    expect(asked.text).toContain('<form method="post">');
    for (let times = 0; times < 2; times++) {
      const acted = await door.call('POST', path, {
        key: null,
        raw: 'List-Unsubscribe=One-Click',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(acted.status).toBe(200);
    }
    expect(await consents()).toEqual([{ person_id: personId, topic: 'reminders', state: 'out', source: 'one-click' }]);
    expect((await door.get('/v1/people/ann')).json['consents']).toMatchObject([{ topic: 'reminders', state: 'out' }]);
  });

  test('a token that is not ours does nothing', async () => {
    const before = await consents();
    const forged = door.signer.click({ sendId: 'snd_a', position: 0 });
    expect((await door.call('POST', `/u/${forged}`, { key: null, raw: '' })).status).toBe(404);
    expect((await door.get(`/u/${forged}`, { key: null })).status).toBe(404);
    expect(await consents()).toEqual(before);
  });
});

describe('the trigger forms', () => {
  test.each(['abandoned-cart', 'abandon_cart', 'cart-abandonment', 'cartAbandonment', 'Cart%20Abandonment'])(
    '%s',
    async (name) => {
      for (const form of ['/api/trigger', '/trigger', '/triggers']) {
        const user = `${name}${form}`;
        const triggered = await door.post(`${form}/${name}`, { userId: user, cartValue: 80 });
        expect([triggered.status, triggered.json]).toEqual([
          200,
          { status: 'triggered', run: expect.any(String) as string },
        ]);
      }
    },
  );

  test('a cart below the rule is no action, with the reason', async () => {
    const { status, json } = await door.post('/api/trigger/abandoned-cart', {
      user_id: 'low',
      cart_value: '20',
      last_activity: Date.now(),
    });
    expect([status, json]).toEqual([200, { status: 'no_action', reason: expect.any(String) as string }]);
  });

  test('repeated with its Idempotency-Key or messageId it is one run, with the same answer', async () => {
    const body = { userId: 'once', cartValue: 80 };
    const headers = { 'idempotency-key': 'trigger-1' };
    const first = await door.post('/trigger/abandoned-cart', body, { headers });
    const again = await door.post('/triggers/abandon_cart', body, { headers });
    expect(again.json).toEqual(first.json);
    const byMessage = await door.post('/trigger/abandoned-cart', { ...body, messageId: 'trigger-1' });
    expect(byMessage.json).toEqual(first.json);
  });

  test('a caller can not say what only Sojourn says', async () => {
    const adopt = { workflowId: 'cart-abandonment/other', temporalRunId: 'r' };
    await door.post('/trigger/abandoned-cart', {
      userId: 'sly',
      cartValue: 80,
      adopt,
      facts: { adopt, journey: 're-engagement' },
    });
    const event = (await door.kept()).at(-1);
    expect(event?.properties).toEqual({ cartValue: 80, journey: 'cart-abandonment' });
  });

  test('the time of the last activity is told on the stack’s clock, and never in the future', async () => {
    const fast = await openFrontDoor({ scale: 600 });
    try {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const sent = Date.now();
      for (const [lastActivity, aheadMs] of [
        [Date.now() - 1_000, 600_000],
        [Date.now() + 60_000, 0],
      ] as const) {
        await fast.post('/trigger/abandoned-cart', { userId: `u${aheadMs}`, cartValue: 80, lastActivity });
        const tookMs = Date.now() - sent + 5;
        const event = (await fast.kept()).at(-1);
        const agoMs = (event?.occurred_at.getTime() ?? 0) - Number(event?.properties['lastActivity']);
        expect(agoMs).toBeGreaterThanOrEqual(aheadMs);
        expect(agoMs).toBeLessThanOrEqual(aheadMs + tookMs * 600);
      }
    } finally {
      await fast.close();
    }
  });

  test('without a verdict in time the answer is 202', async () => {
    const slow = await openFrontDoor({ parts: { requestTrigger: () => Promise.resolve({ status: 'accepted' }) } });
    try {
      const { status, json } = await slow.post('/trigger/abandoned-cart', { userId: 'u' });
      expect([status, json]).toEqual([202, { status: 'accepted' }]);
    } finally {
      await slow.close();
    }
  });
});

describe('the inbox', () => {
  test('is data, on this machine without a key', async () => {
    const { mails } = (await door.get('/v1/inbox', { key: null })).json as unknown as InboxAnswer;
    expect(mails).toMatchObject([{ id: 7, text: 'It waits <here>.' }]);
    expect((await door.get('/v1/inbox/7', { key: null })).json).toEqual(mails[0]);
    expectProblem(await door.get('/v1/inbox/8', { key: null }), 404, 'not-found', 'id');
  });

  test('gives a mail’s HTML only for a frame that may do nothing', async () => {
    const rich = await door.get('/inbox/7/html', { key: null });
    const policy = rich.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/default-src 'none'.*sandbox/);
    expect(policy).not.toMatch(/allow-(scripts|same-origin)/);
    expect(policy).toContain('allow-popups');
    // What a link leads to may refuse to be shown in the mail's frame.
    expect(rich.text).toMatch(/^<base target="_blank">/);
    expectProblem(await door.get('/inbox/8/html', { key: null }), 404, 'not-found', 'id');
  });

  test('asks for a key when a page of elsewhere points its name at this machine', async () => {
    // Node's own client, since fetch does not let a name be pointed elsewhere.
    const status = await new Promise((resolve, reject) => {
      get(`${door.url}/v1/inbox`, { headers: { host: 'evil.example' } }, (res) => resolve(res.resume().statusCode)).on(
        'error',
        reject,
      );
    });
    expect(status).toBe(401);
  });

  test('asks for the secret key when it is not this machine that asks', async () => {
    const asked = (key: string | null) => door.get('/v1/inbox', { key, headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect((await asked(null)).status).toBe(401);
    expect((await asked(writeKey)).status).toBe(403);
    expect((await asked(secretKey)).status).toBe(200);
  });

  test('asks for a key where a proxy on this machine may speak for anybody', async () => {
    const inbox = { list: () => [mail], get: () => mail };
    const known = await openFrontDoor({ parts: { inbox, publicUrl: 'https://journeys.example' } });
    try {
      for (const path of ['/v1/inbox', '/v1/inbox/7', '/inbox/7/html']) {
        expect([path, (await known.get(path, { key: null })).status]).toEqual([path, 401]);
        expect([path, (await known.get(path)).status]).toEqual([path, 200]);
      }
    } finally {
      await known.close();
    }
  });

  test('lists mails without what is in them where that is asked for', async () => {
    const { mails } = (await door.get('/v1/inbox?fields=summary', { key: null })).json;
    const { id, at, from, to, subject, messageId } = mail;
    expect(mails).toEqual([{ id, at, stackAt: expect.any(String) as string, from, to, subject, messageId }]);
    expectProblem(await door.get('/v1/inbox?fields=html', { key: null }), 400, 'invalid-request', 'fields');
  });

  test('is not there unless it is given', async () => {
    const plain = await openFrontDoor();
    try {
      expect((await plain.get('/v1/inbox')).status).toBe(404);
      expect((await plain.get('/inbox')).status).toBe(404);
    } finally {
      await plain.close();
    }
  });
});
