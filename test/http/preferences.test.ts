/** What the links of a mail lead to: unsubscribing, and the page to choose on. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { choicesIn, isOneClick } from '../../src/http/preferences-form';
import { unsubscribe } from '../../src/demo/shoppers';
import type { Topic } from '../../src';
import { expectProblem } from './expect-problem';
import { openFrontDoor, type FrontDoor } from './front-door';

let door: FrontDoor;
let personId: string;
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const topics: Topic[] = [
  { id: 'reminders', label: 'Reminders <about> your cart', consent: 'opt-out' },
  { id: 'offers', label: 'Offers', consent: 'opt-out' },
  { id: 'beta', label: 'Trials', consent: 'opt-in' },
];

beforeAll(async () => {
  door = await openFrontDoor({ parts: { topics, senderName: 'Desk & Co' } });
  await door.post('/v1/identify', { userId: 'ann', traits: { email: 'ann@example.com' } });
  personId = (await door.db.selectFrom('people').select('id').executeTakeFirstOrThrow()).id;
});
beforeEach(() => door.db.deleteFrom('consents').execute());
afterAll(() => door.close());

const linkAbout = (topic: string) => `/u/${door.signer.unsubscribe({ personId, topic, sendId: 'snd_a' })}`;
const open = (path: string) => door.get(path, { key: null });
const send = (path: string, raw: string, headers = form) => door.call('POST', path, { key: null, raw, headers });
const consents = () =>
  door.db.selectFrom('consents').select(['topic', 'state', 'source']).orderBy('topic').orderBy('number').execute();

/** The boxes of the page, and whether they are ticked. */
const boxesOf = (text: string) =>
  Object.fromEntries(
    [...text.matchAll(/<input[^>]*name="want"[^>]*value="(\w+)"([^>]*)>/g)].map(([, id, rest]) => [
      id,
      rest!.includes('checked'),
    ]),
  );
/** What a browser sends when the form of that page is sent with these boxes ticked. */
const filled = (text: string, want: string[]) =>
  new URLSearchParams([
    ...want.map((id): [string, string] => ['want', id]),
    ...[...text.matchAll(/type="hidden" name="(\w+)" value="(\w+)"/g)].map(([, name, id]): [string, string] => [
      name!,
      id!,
    ]),
  ]).toString();

describe('the page to choose on', () => {
  const path = () => `${linkAbout('reminders')}?preferences`;

  test('shows the sender, every topic by its label and what holds, and changes nothing', async () => {
    const page = await open(path());
    expect(page.status).toBe(200);
    expect(boxesOf(page.text)).toEqual({ reminders: true, offers: true, beta: false });
    expect(page.text).toContain('Desk &amp; Co');
    expect(page.text).toContain('Reminders &lt;about&gt; your cart');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'.*form-action 'self'/);
    expect(page.text).not.toMatch(/<script|<about>/);
    expect(await consents()).toEqual([]);
  });

  test('saves what was changed and nothing else, and says what is so now', async () => {
    const page = await open(path());
    const saved = await send(path(), filled(page.text, ['offers', 'beta']));
    expect(saved.status).toBe(200);
    expect(saved.text).toContain('Saved. You get: “Offers”, “Trials”.');
    expect(boxesOf(saved.text)).toEqual({ reminders: false, offers: true, beta: true });
    expect(await consents()).toEqual([
      { topic: 'beta', state: 'in', source: 'preferences' },
      { topic: 'reminders', state: 'out', source: 'preferences' },
    ]);
    expect(boxesOf((await open(path())).text)).toEqual({ reminders: false, offers: true, beta: true });
  });

  test('left open while somebody unsubscribes elsewhere, it does not undo that', async () => {
    const page = await open(path());
    await send(linkAbout('reminders'), 'List-Unsubscribe=One-Click');
    const saved = await send(path(), filled(page.text, ['reminders']));
    expect(boxesOf(saved.text)).toEqual({ reminders: false, offers: false, beta: false });
    expect(await consents()).toContainEqual({ topic: 'reminders', state: 'out', source: 'one-click' });
  });

  test('stops everything, and one topic after that comes again', async () => {
    const stopped = await send(path(), 'all=out');
    expect(stopped.text).toContain('Saved. You are unsubscribed from all marketing messages from Desk &amp; Co.');
    expect(boxesOf(stopped.text)).toEqual({ reminders: false, offers: false, beta: false });
    const back = await send(path(), filled(stopped.text, ['offers']));
    expect(boxesOf(back.text)).toEqual({ reminders: false, offers: true, beta: false });
    expect(await consents()).toEqual([
      { topic: '*', state: 'out', source: 'preferences' },
      { topic: 'offers', state: 'in', source: 'preferences' },
    ]);
  });

  test('has a way back from having stopped everything', async () => {
    await send(linkAbout('*'), 'List-Unsubscribe=One-Click');
    const page = await open(path());
    expect(page.text).toContain('You are unsubscribed from all marketing messages');
    expect(page.text).toMatch(/name="all" value="in"/);
    const back = await send(path(), 'all=in');
    expect(boxesOf(back.text)).toEqual({ reminders: true, offers: true, beta: false });
  });

  test.each(['', 'all=maybe', 'all=in&all=out', 'want=reminders', '{"all":"out"}'])(
    'saves nothing of what is not its form: %s',
    async (raw) => {
      const answer = await send(path(), raw);
      expect([answer.status, await consents()]).toEqual([400, []]);
      expect(answer.text).toContain('Nothing was saved');
    },
  );

  test('takes no body without end', async () => {
    const answer = await send(path(), `all=out&x=${'x'.repeat(70_000)}`);
    expect([answer.status, await consents()]).toEqual([413, []]);
  });

  test('still lets a mail provider unsubscribe by it', async () => {
    expect((await send(path(), 'List-Unsubscribe=One-Click')).text).toContain('You are unsubscribed');
    expect(await consents()).toEqual([{ topic: 'reminders', state: 'out', source: 'one-click' }]);
  });

  test('is not there for a link that is not ours, nor for somebody who is gone', async () => {
    const gone = `/u/${door.signer.unsubscribe({ personId: '999999', topic: 'offers', sendId: 's' })}?preferences`;
    for (const bad of [`${linkAbout('offers')}x?preferences`, gone]) {
      expect([(await open(bad)).status, (await send(bad, 'all=out')).status]).toEqual([404, 404]);
    }
    expect(await consents()).toEqual([]);
  });
});

describe('the page to unsubscribe on', () => {
  test('names sender and topic, leads to the choice, and says when it is done already', async () => {
    const path = linkAbout('reminders');
    const asked = await open(path);
    expect(asked.text).toContain('stop “Reminders &lt;about&gt; your cart” from Desk &amp; Co?');
    expect(asked.text).toContain('href="?preferences"');
    const done = await send(path, '');
    expect(done.text).toContain('You are unsubscribed</h1>');
    expect(await consents()).toEqual([{ topic: 'reminders', state: 'out', source: 'page' }]);
    const again = await open(path);
    expect(again.text).toContain('You are unsubscribed already');
    expect(again.text).not.toContain('<form');
  });

  test('knows that having stopped everything stops a topic too', async () => {
    await send(`${linkAbout('offers')}?preferences`, 'all=out');
    expect((await open(linkAbout('reminders'))).text).toContain('You are unsubscribed already');
    expect((await open(linkAbout('*'))).text).toContain('You are unsubscribed already');
  });

  test('takes the one click of RFC 8058 as parts, too', async () => {
    const body = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n';
    await send(linkAbout('offers'), body, { 'content-type': 'multipart/form-data; boundary=b' });
    expect(await consents()).toEqual([{ topic: 'offers', state: 'out', source: 'one-click' }]);
  });

  test('knows the demo’s shoppers as mail programs', async () => {
    await unsubscribe({ headers: { 'list-unsubscribe': `<${door.url}${linkAbout('offers')}>` } });
    expect(await consents()).toEqual([{ topic: 'offers', state: 'out', source: 'one-click' }]);
  });
});

test('the timeline says what was chosen, where, and by its label; page by page it is the same', async () => {
  await send(linkAbout('reminders'), '');
  await send(`${linkAbout('offers')}?preferences`, 'all=out');
  const of = async (query: string) => (await door.get(`/v1/people/ann/timeline${query}`)).json;
  const whole = (await of(''))['items'] as { kind: string }[];
  expect(whole.slice(0, 2)).toMatchObject([
    { kind: 'consent', topic: '*', label: 'all marketing', state: 'out', source: 'preferences' },
    { kind: 'consent', topic: 'reminders', label: 'Reminders <about> your cart', state: 'out', source: 'page' },
  ]);
  const paged: unknown[] = [];
  let next: string | null = '';
  while (next !== null) {
    const page: Record<string, unknown> = await of(`?limit=1${next === '' ? '' : `&before=${next}`}`);
    paged.push(...(page['items'] as unknown[]));
    next = page['next'] as string | null;
  }
  expect(paged).toEqual(whole);
  // A place of six kinds, as earlier versions wrote it.
  const old = Buffer.from(JSON.stringify(Array(6).fill([0, '0', 0]))).toString('base64url');
  expectProblem(await door.get(`/v1/people/ann/timeline?before=${old}`), 400, 'invalid-request', 'before');
});

test.each([
  ['List-Unsubscribe=One-Click', true],
  ['a=1&List-Unsubscribe=One-Click', true],
  ['List-Unsubscribe=No', false],
  ['x=List-Unsubscribe=One-Click', false],
  ['', false],
])('one click: %s', (body, is) => expect(isOneClick(body)).toBe(is));

test('a form names no topic that there is not, and contradicts itself to no effect', () => {
  expect(choicesIn('had=gone&want=odd', topics)).toEqual([]);
  expect(choicesIn('had=offers&had_not=offers&want=offers', topics)).toEqual([{ topic: 'offers', state: 'in' }]);
});
