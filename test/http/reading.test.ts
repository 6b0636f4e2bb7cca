/** What the API tells: people, timelines, runs, messages, journeys, health, and its own description. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InboxSummaryAnswer, OverviewAnswer } from '../../src/http/answers';
import { createConsents } from '../../src/messaging';
import { openFrontDoor, secretKey, writeKey, type FrontDoor } from './front-door';

let door: FrontDoor;
let ann: string;
let run: string;
const cart = { currency: 'USD', value: 80, items: [{ item_id: 'desk', item_name: 'Desk', price: 80, quantity: 1 }] };

beforeAll(async () => {
  door = await openFrontDoor();
  await door.post('/v1/identify', {
    userId: 'ann',
    anonymousId: 'visitor',
    traits: { email: 'ann@example.com', name: 'Ann' },
  });
  await door.post('/v1/track', { userId: 'ann', event: 'add_to_cart', properties: cart });
  ann = String((await door.get('/v1/people/ann')).json['id']);
  await door.decider.decide([ann]);
  run = (await door.db.selectFrom('runs').select('id').executeTakeFirstOrThrow()).id;
  await writeStepAndSend();
});
afterAll(() => door.close());

async function writeStepAndSend(): Promise<void> {
  const at = new Date(Date.now() + 1_000);
  await door.db
    .insertInto('run_steps')
    .values({ run_id: run, position: 0, at, step: 'idle 30m', result: 'idle', why: null })
    .execute();
  await door.db
    .insertInto('sends')
    .values(
      ['snd_a', 'snd_b'].map((id, index) => ({
        id,
        step_key: `cart-abandonment/ann/1/${id}`,
        run_id: run,
        person_id: ann,
        journey: 'cart-abandonment',
        step: 'send cart-reminder',
        message: 'cart-reminder',
        channel: 'email',
        kind: 'marketing' as const,
        topic: 'reminders',
        state: index === 0 ? ('sent' as const) : ('uncertain' as const),
        props: '{}',
        created_at: new Date(at.getTime() + 1_000 + index),
      })),
    )
    .execute();
  await door.db
    .insertInto('attempts')
    .values({ send_id: 'snd_a', attempt: 1, number: '99', claimed_at: at, outcome: 'sent' })
    .execute();
  await door.db
    .insertInto('links')
    .values({ send_id: 'snd_a', position: 0, url: 'https://shop.example/desk?ä=1' })
    .execute();
}

describe('people', () => {
  test('by userId, by anonymousId, and by Sojourn’s own id', async () => {
    for (const name of ['ann', 'anonymous:visitor', `person:${ann}`]) {
      const { status, json } = await door.get(`/v1/people/${encodeURIComponent(name)}`);
      expect(status).toBe(200);
      expect(json).toMatchObject({
        id: ann,
        userId: 'ann',
        anonymousIds: ['visitor'],
        traits: { email: 'ann@example.com', name: 'Ann' },
        consents: [],
      });
    }
  });

  test('one who was merged is found as who that person is now, with the events of both', async () => {
    await door.post('/v1/track', { anonymousId: 'earlier', event: 'search', properties: { search_term: 'desk' } });
    await door.post('/v1/identify', { userId: 'ben', anonymousId: 'ben-browser', traits: { name: 'Ben' } });
    await door.post('/v1/identify', { userId: 'ben', anonymousId: 'earlier' });
    const { json } = await door.get('/v1/people/ben');
    await door.decider.decide([String(json['id'])]);
    const asVisitor = await door.get('/v1/people/anonymous:earlier');
    expect(asVisitor.json).toMatchObject({ userId: 'ben', anonymousIds: ['ben-browser', 'earlier'] });
    const timeline = await door.get('/v1/people/ben/timeline');
    expect(JSON.stringify(timeline.json)).toContain('search_term');
  });
});

describe('the timeline', () => {
  test('is events, verdicts, runs, steps and messages in one order, newest first', async () => {
    const { json } = await door.get('/v1/people/ann/timeline');
    const items = json['items'] as { kind: string; at: string; name?: string }[];
    const kinds = items.map((item) => item.kind);
    expect(kinds.slice(0, 3)).toEqual(['message', 'message', 'step']);
    // A run starts with its event, and the verdict on it is a moment later or in the same.
    expect(kinds.slice(3, 5).sort()).toEqual(['decision', 'run_started']);
    expect(kinds.slice(5)).toEqual(['event', 'event']);
    expect(items.map((item) => item.at)).toEqual(
      items
        .map((item) => item.at)
        .sort()
        .reverse(),
    );
    expect(items.at(-1)).toMatchObject({ name: 'identify' });
    expect(json['next']).toBeNull();
  });

  test('page by page it is the same, at every size of page', async () => {
    const whole = (await door.get('/v1/people/ann/timeline')).json['items'] as unknown[];
    for (const limit of [1, 2, 3, 6]) {
      const items: unknown[] = [];
      let next: unknown = undefined;
      do {
        const before = typeof next === 'string' ? `&before=${next}` : '';
        const page = (await door.get(`/v1/people/ann/timeline?limit=${limit}${before}`)).json;
        items.push(...(page['items'] as unknown[]));
        next = page['next'];
      } while (next !== null);
      expect(items).toEqual(whole);
    }
  });

  test('shows what happens meanwhile on its first page, and not in the midst of what is older', async () => {
    const user = { userId: 'turns-pages' };
    await door.post('/v1/track', { ...user, event: 'login' });
    await door.post('/v1/track', { ...user, event: 'search', properties: { search_term: 'desk' } });
    const path = '/v1/people/turns-pages/timeline?limit=1';
    const first = (await door.get(path)).json;
    const { id } = (await door.get('/v1/people/turns-pages')).json;
    await sql`select pg_sleep(0.002)`.execute(door.db);
    await createConsents({ db: door.db, clock: door.clock }).unsubscribe({ personId: String(id), source: 'page' });
    const pen = { item_id: 'pen', item_name: 'Pen', price: 2, quantity: 1 };
    await door.post('/v1/track', { ...user, event: 'add_to_cart', properties: { value: 2, items: [pen] } });
    await door.decider.decide([String(id)]);
    const second = (await door.get(`${path}&before=${String(first['next'])}`)).json;
    expect(first['items']).toMatchObject([{ kind: 'event', name: 'search' }]);
    expect(second).toMatchObject({ items: [{ kind: 'event', name: 'login' }], next: null });
  });

  test('begins before a time', async () => {
    for (const time of ['2020-01-01T00:00:00Z', '2020-01-01T00:00', '1577836800000', '-200000-01-01']) {
      const { json } = await door.get(`/v1/people/ann/timeline?before=${time}`);
      expect(json).toMatchObject({ items: [], next: null });
    }
  });

  test('a page from the middle of 100,000 events is the right one', async () => {
    const now = new Date();
    await sql`insert into sojourn.events (accepted_at, occurred_at, message_id, person_id, type, name, properties,
        source, planned, activity)
      select ${now}::timestamptz - make_interval(secs => n), ${now}::timestamptz, 'bulk' || n, 424242, 'track', 'login', '{}',
        'http', true, true from generate_series(1, 100000) n`.execute(door.db);
    await sql`insert into sojourn.people (id, user_id, first_seen_at) values (424242, 'busy', ${now})`.execute(door.db);
    await sql`insert into sojourn.person_ids (kind, value, person_id) values ('user', 'busy', 424242)`.execute(door.db);
    await sql`analyze sojourn.events`.execute(door.db);
    const middle = new Date(now.getTime() - 50_000_500).toISOString();
    const { json } = await door.get(`/v1/people/busy/timeline?limit=100&before=${middle}`);
    const items = json['items'] as { messageId: string }[];
    expect([items.length, items[0]?.messageId]).toEqual([100, 'bulk50001']);
  });
});

describe('runs', () => {
  test('are listed by journey, person and state, with a link to the Temporal UI', async () => {
    for (const query of [
      '',
      '?journey=abandoned-cart',
      '?person=ann',
      '?state=live',
      '?person=anonymous:visitor&state=live',
    ]) {
      const { json } = await door.get(`/v1/runs${query}`);
      expect(json).toMatchObject({
        runs: [
          {
            id: run,
            journey: 'cart-abandonment',
            person: 'ann',
            state: 'live',
            temporal: expect.stringContaining(
              'http://127.0.0.1:8233/namespaces/default/workflows/cart-abandonment%2F',
            ) as string,
          },
        ],
        next: null,
      });
    }
    expect((await door.get('/v1/runs?state=ended')).json['runs']).toEqual([]);
  });

  test('one has its steps, and its rules in words', async () => {
    const { json } = await door.get(`/v1/runs/${run}`);
    expect(json).toMatchObject({
      id: run,
      steps: [{ step: 'idle 30m', result: 'idle' }],
      trigger: { name: 'add_to_cart' },
    });
    expect(json['says']).toContain('Only when the cart is worth more than 50.');
  });

  test('an operator ends one, once', async () => {
    const created = await door.post('/api/trigger/re-engagement', { userId: 'stop-me' });
    const id = String(created.json['run']);
    const first = await door.post(`/v1/runs/${id}/exit`, { reason: 'asked for' }, { key: secretKey });
    expect(first.json).toEqual({ id, ended: true, state: 'ended', outcome: 'stopped', reason: 'asked for' });
    const second = await door.post(`/v1/runs/${id}/exit`, undefined, { key: secretKey });
    expect(second.json).toMatchObject({ ended: false, outcome: 'stopped', reason: 'asked for' });
  });
});

describe('messages', () => {
  test('are listed by person, journey and state, page by page', async () => {
    const ids = async (query: string) =>
      ((await door.get(`/v1/messages${query}`)).json['messages'] as { id: string }[]).map(({ id }) => id);
    expect(await ids('?person=ann')).toEqual(['snd_b', 'snd_a']);
    expect(await ids('?journey=cart-abandonment&state=uncertain')).toEqual(['snd_b']);
    expect(await ids('?journey=abandoned-cart&state=uncertain')).toEqual(['snd_b']);
    const first = (await door.get('/v1/messages?limit=1')).json;
    expect(await ids(`?limit=1&before=${String(first['next'])}`)).toEqual(['snd_a']);
    const ofAnn = (await door.get('/v1/messages?person=ann&limit=1')).json;
    expect(await ids(`?person=ann&limit=1&before=${String(ofAnn['next'])}`)).toEqual(['snd_a']);
    expect(await ids('?person=ann&journey=cart-abandonment&state=sent')).toEqual(['snd_a']);
    expect(await ids('?person=ann&journey=onboarding')).toEqual([]);
  });

  test('one has its attempts and where its links lead', async () => {
    const { json } = await door.get('/v1/messages/snd_a');
    expect(json).toMatchObject({
      state: 'sent',
      person: 'ann',
      tries: [{ attempt: 1, outcome: 'sent' }],
      links: ['https://shop.example/desk?ä=1'],
    });
  });

  test('where nobody settles, that is said; a verdict that there is not is 400', async () => {
    const settle = (verdict: string) => door.post('/v1/messages/snd_b/settle', { verdict }, { key: secretKey });
    expect(await settle('lost')).toMatchObject({ status: 400, json: { path: 'verdict' } });
    expect((await settle('sent')).status).toBe(501);
  });
});

describe('journeys', () => {
  test('say what they do and what came of them', async () => {
    const { json } = await door.get('/v1/journeys/abandoned-cart');
    expect(json).toMatchObject({ id: 'cart-abandonment', mode: 'live', counts: { entered: 1, live: 1, outcomes: {} } });
    expect(json['says']).toEqual(expect.arrayContaining(['Starts on add_to_cart.', 'Ends on logout.']));
    expect(((await door.get('/v1/journeys')).json['journeys'] as unknown[]).length).toBe(2);
  });

  test('without a goal have nobody who reached it, which is not the same as none', async () => {
    const { runs } = (await door.get('/v1/overview', { key: secretKey })).json as unknown as OverviewAnswer;
    expect(runs.byJourney.map(({ journey, converted }) => [journey, converted])).toEqual([
      ['cart-abandonment', 0],
      ['re-engagement', null],
    ]);
  });

  test('are paused and resumed', async () => {
    const act = async (verb: string) =>
      (await door.post(`/v1/journeys/re-engagement/${verb}`, undefined, { key: secretKey })).json;
    expect(await act('pause')).toEqual({ id: 're-engagement', mode: 'paused' });
    expect((await door.get('/v1/journeys/re-engagement')).json['mode']).toBe('paused');
    expect(await act('resume')).toEqual({ id: 're-engagement', mode: 'live' });
    expect(await act('start')).toEqual({ id: 're-engagement', mode: 'live' });
  });
});

describe('the kill switch of a message', () => {
  const turn = (verb: string) => door.post(`/v1/templates/cart-reminder/${verb}`, undefined, { key: secretKey });
  const paused = async () => (await door.get('/v1/templates/paused')).json;

  test('is turned off and on, and says where it stands', async () => {
    expect((await turn('pause')).json).toEqual({ id: 'cart-reminder', paused: true });
    expect(await paused()).toMatchObject({ paused: ['cart-reminder'], messages: ['cart-reminder', 'we-miss-you'] });
    expect((await turn('resume')).json).toEqual({ id: 'cart-reminder', paused: false });
    expect((await paused())['paused']).toEqual([]);
  });

  test('is not made for a message that there is not', async () => {
    expect((await door.post('/v1/templates/gone/pause', undefined, { key: secretKey })).status).toBe(404);
    expect((await door.post('/v1/templates/%2e%2e%2f/pause', undefined, { key: secretKey })).status).toBe(400);
    expect((await paused())['paused']).toEqual([]);
  });
});

test('a mail of the inbox tells when it came by the wall’s clock and by the stack’s, which is 60 times as fast', async () => {
  const came = Date.now() - 60_000;
  const mail = {
    id: 7,
    at: came,
    from: 'a@x.example',
    to: ['b@x.example'],
    subject: 'Look',
    messageId: '<1@x.example>',
  };
  const kept = { ...mail, headers: {}, text: '', html: '' };
  const fast = await openFrontDoor({ scale: 60, parts: { inbox: { list: () => [kept], get: () => kept } } });
  try {
    const sooner = Date.now();
    const { json } = await fast.get('/v1/inbox?fields=summary', { key: secretKey });
    const later = Date.now();
    const { at, mails } = json as unknown as InboxSummaryAnswer;
    const age = Date.parse(at) - Date.parse(mails[0]!.stackAt);
    expect(age).toBeGreaterThanOrEqual((sooner - came) * 60);
    expect(age).toBeLessThanOrEqual((later - came) * 60);
    expect(mails).toEqual([{ ...mail, stackAt: mails[0]!.stackAt }]);
    const { json: whole } = await fast.get('/v1/inbox', { key: secretKey });
    expect(whole['mails']).toEqual([{ ...kept, stackAt: mails[0]!.stackAt }]);
    expect((await fast.get('/v1/inbox/7', { key: secretKey })).json).toEqual({ ...kept, stackAt: mails[0]!.stackAt });
  } finally {
    await fast.close();
  }
});

describe('the process', () => {
  test('lives and is ready, without a key', async () => {
    expect((await door.get('/healthz', { key: null })).json).toEqual({ status: 'ok' });
    expect((await door.get('/readyz', { key: null })).json).toEqual({ ready: true, parts: { store: { ready: true } } });
  });

  test('works on while Temporal is away, and says that it is', async () => {
    const readiness = { store: () => Promise.resolve(), temporal: () => Promise.reject(new Error('no connection')) };
    const lone = await openFrontDoor({ parts: { readiness } });
    try {
      const parts = (detail?: string) => ({
        store: { ready: true },
        temporal: { ready: false, ...(detail && { detail }) },
      });
      const why = await lone.get('/readyz');
      expect([why.status, why.json]).toEqual([200, { ready: true, parts: parts('no connection') }]);
      // What is wrong names hosts and users: it is for who may read.
      for (const key of [null, writeKey, 'sk_unknown_0123456789']) {
        expect((await lone.get('/readyz', { key })).json).toEqual({ ready: true, parts: parts() });
      }
    } finally {
      await lone.close();
    }
  });

  test('counts requests by route and status, and events', async () => {
    const { text } = await door.get('/metrics');
    expect(text).toMatch(/sojourn_http_requests_total\{route="\/v1\/track",status="200"\} \d+/);
    expect(text).toMatch(/sojourn_events_accepted_total\{type="track",planned="true"\} \d+/);
  });

  test('describes itself: every address that answers is in the description', async () => {
    const { json } = await door.get('/openapi.json', { key: null });
    expect(json['openapi']).toBe('3.1.0');
    const paths = json['paths'] as Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>;
    for (const [path, methods] of Object.entries(paths)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      for (const [method, { parameters = [] }] of Object.entries(methods)) {
        expect(parameters.filter((p) => p.in === 'path').map((p) => p.name)).toEqual(named);
        const address = path.replaceAll(/\{\w+\}/g, '1');
        const answer = await door.call(method.toUpperCase(), address, {
          key: writeKey,
          body: method === 'post' ? {} : undefined,
        });
        if (!path.includes('inbox'))
          expect([path, answer.json['detail'] ?? '']).not.toEqual([path, expect.stringContaining('no address')]);
        expect(answer.status).not.toBe(405);
        expect(answer.status).not.toBe(500);
      }
    }
    expect(JSON.stringify(json)).toContain('event.add_to_cart');
  });
});
