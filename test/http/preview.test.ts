/** A message of the ledger shown again: rendered anew by the real templates, and nothing in it acts. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClock } from '../../src/clock';
import { loadContent } from '../../src/content';
import type { PreviewAnswer } from '../../src/http/answers';
import { previewSend } from '../../src/messaging';
import { askAbout } from '../../src/runtime/store-ops';
import { freshDatabase, type FreshDatabase } from '../support';
import { expectProblem } from './expect-problem';
import { openFrontDoor, writeKey, type FrontDoor } from './front-door';

let database: FreshDatabase;
let door: FrontDoor;
const publicUrl = 'https://shop.example';

beforeAll(async () => {
  database = await freshDatabase();
  const { db } = database;
  const { messages } = await loadContent(process.cwd());
  const clock = createClock({ epoch: Date.now(), scale: 1 });
  const previewMessage = (id: string) =>
    previewSend(
      {
        ...{ db, messages, publicUrl, from: 'Shop <shop@example.com>' },
        ask: (about) => askAbout({ db, clock }, about),
      },
      id,
    );
  door = await openFrontDoor({ database, parts: { previewMessage } });
  await door.post('/v1/identify', { userId: 'ann', traits: { name: 'Ann <b>', email: 'ann@example.com' } });
  await door.post('/v1/track', {
    userId: 'ann',
    event: 'add_to_cart',
    properties: { value: 80, items: [{ item_id: 'd', item_name: 'Desk', price: 80, quantity: 1 }] },
  });
  const { id } = await db.selectFrom('people').select('id').executeTakeFirstOrThrow();
  await door.decider.decide([id]);
  await send('snd_sent', 'cart-reminder', 'sent', { offer: 'none' });
  await send('snd_skipped', 'cart-reminder', 'skipped', { offer: 'none' });
  await send('snd_gone', 'no-such-message', 'sent', {});
  await send('snd_odd', 'cart-reminder', 'sent', { offer: 7 });
});
afterAll(async () => {
  await door.close();
  await database.drop();
});

async function send(id: string, message: string, state: 'sent' | 'skipped', props: object): Promise<void> {
  const run = await door.db.selectFrom('runs').selectAll().executeTakeFirstOrThrow();
  const row = { id, step_key: id, run_id: run.id, person_id: run.person_id, journey: run.journey, step: 's', message };
  const what = { channel: 'email', kind: 'marketing' as const, state, props: JSON.stringify(props) };
  await door.db
    .insertInto('sends')
    .values({ ...row, ...what, address: state === 'sent' ? 'ann@example.com' : null, created_at: new Date() })
    .execute();
}

const preview = async (id: string) => (await door.get(`/v1/messages/${id}/preview`)).json as unknown as PreviewAnswer;

test('says what it said, to whom, and that it is rendered anew', async () => {
  const { subject, text, from, to, note } = await preview('snd_sent');
  expect([from, to]).toEqual(['Shop <shop@example.com>', 'ann@example.com']);
  expect(subject).toContain('Ann');
  expect(text).toContain('Desk');
  expect(note).toMatch(/^Rendered now .*may have changed since it was sent\.$/);
});

test('says of one that was not sent that it was not', async () => {
  const { to, note } = await preview('snd_skipped');
  expect([to, note.endsWith('It was not sent.')]).toEqual([null, true]);
});

test('nothing in it acts: no link tells of a click or unsubscribes', async () => {
  const { text: html, headers } = await door.get('/v1/messages/snd_sent/html');
  const links = [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? '');
  expect(links.length).toBeGreaterThan(2);
  expect(links.filter((link) => /\/(t|u)\//.test(link))).toEqual([]);
  expect(links).toContain('#');
  expect((await preview('snd_sent')).text).not.toMatch(/\/(t|u)\//);
  expect(html).toContain('Ann &lt;b&gt;');
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/default-src 'none'.*sandbox.*frame-ancestors 'self'/);
  expect(policy).not.toMatch(/allow-(scripts|same-origin|forms)/);
});

test.each([
  ['snd_gone', 'does not exist any more'],
  ['snd_odd', "prop 'offer' does not fit"],
  ['snd_none', 'There is no message snd_none'],
])('%s is not found, and why', async (id, why) => {
  for (const form of ['preview', 'html']) {
    const answer = await door.get(`/v1/messages/${id}/${form}`);
    expectProblem(answer, 404, 'not-found', 'id');
    expect(answer.json['detail']).toContain(why);
  }
});

test('is for who may read', async () => {
  expectProblem(await door.get('/v1/messages/snd_sent/html', { key: writeKey }), 403, 'forbidden');
  expectProblem(await door.get('/v1/messages/snd_sent/preview', { key: null }), 401, 'unauthorized');
});
