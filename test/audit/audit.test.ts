/** What operators change is known afterwards: who, what, when, from which value to which; or it was not changed. */
import { Writable } from 'node:stream';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prune } from '../../src/events';
import type { AuditAnswer, AuditItem, JourneyAnswer, NewKeyAnswer, TimelineAnswer } from '../../src/http/answers';
import { settleUncertain } from '../../src/messaging';
import { createLog, createMetrics } from '../../src/observe';
import { watchedSender } from '../../src/recording';
import { createCatalog } from '../../src/routing';
import { expectProblem } from '../http/expect-problem';
import { adminPassword, openFrontDoor, secretKey, writeKey, type Call, type FrontDoor } from '../http/front-door';
import { ask, openBench, type Bench } from '../messaging/setup';
import { scratchFolder } from '../support';

const folder = await scratchFolder();
let bench: Bench;
let door: FrontDoor;
let onCall: NewKeyAnswer;
let written = '';

beforeAll(async () => {
  bench = await openBench(folder);
  const to = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written += chunk.toString();
      done();
    },
  });
  const { db, clock } = bench;
  const log = createLog({ to });
  // As the API has it.
  const sender = watchedSender(bench.sender(), { metrics: createMetrics({ process: false }), log });
  door = await openFrontDoor({
    database: bench.store,
    parts: {
      log,
      onError: () => undefined,
      settleMessage: (id, verdict, by) => settleUncertain({ db, clock, sender }, id, verdict, by),
    },
  });
  onCall = (await door.post('/v1/keys', { kind: 'secret', name: 'On call' }, { key: secretKey })).json as never;
});
afterAll(async () => {
  await door?.close();
  await bench?.close();
});

const act = (path: string, body?: unknown, call: Call = { key: onCall.key }) => door.post(path, body, call);
async function changes(query = ''): Promise<AuditItem[]> {
  return ((await door.get(`/v1/audit${query}`)).json as unknown as AuditAnswer).changes;
}
/** What was added to the log of changes by that, oldest first, without what is of the moment. */
async function changedBy(what: () => Promise<unknown>) {
  const before = (await changes())[0]?.id ?? '0';
  await what();
  const found = (await changes()).filter(({ id }) => BigInt(id) > BigInt(before)).reverse();
  for (const { at } of found) expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);
  return found.map(({ id: _, at: __, ...rest }) => rest);
}
const by = () => ({ id: onCall.id, name: 'On call' });
const uncertainSend = async () => {
  const carried = await bench.run(await bench.person());
  bench.peer.drop(true);
  const { id } = (await bench.sender().send(carried, ask(carried))) as { id: string };
  bench.peer.drop(false);
  return { id, run: carried.run };
};

describe('is written down', () => {
  test('the mode of a journey, once for each time that it changed', async () => {
    const path = '/v1/journeys/re-engagement';
    const found = await changedBy(async () => {
      for (const verb of ['pause', 'pause', 'resume', 'start']) await act(`${path}/${verb}`);
    });
    const of = { by: by(), kind: 'journey', subject: 're-engagement', about: null };
    expect(found).toEqual([
      { ...of, from: 'live', to: 'paused' },
      { ...of, from: 'paused', to: 'live' },
    ]);
    const journey = (await door.get(path)).json as unknown as JourneyAnswer;
    const mark = { by: 'On call', from: 'paused', to: 'live', at: expect.any(String) as string };
    expect(journey.modeChange).toEqual(mark);
    const { journeys } = (await door.get('/v1/journeys')).json as { journeys: JourneyAnswer[] };
    expect(journeys.map(({ id, modeChange }) => [id, modeChange])).toEqual([
      ['cart-abandonment', null],
      ['re-engagement', mark],
    ]);
    expect(written).toContain(`"journey":"re-engagement","from":"live","mode":"paused","by":"${onCall.id}"`);
  });

  test('a mode that comes with another header', async () => {
    const [row] = await door.db.selectFrom('journeys').selectAll().where('id', '=', 'cart-abandonment').execute();
    const deploy = (mode: 'live' | 'shadow') =>
      createCatalog(door.db, bench.clock, [{ id: row!.id, header: { ...row!.header, mode } }]).deploy();
    const found = await changedBy(async () => {
      for (const mode of ['shadow', 'shadow', 'live'] as const) await deploy(mode);
    });
    const of = { by: { id: 'deploy', name: 'the deployed code' }, kind: 'journey', subject: row!.id, about: null };
    expect(found).toEqual([
      { ...of, from: 'live', to: 'shadow' },
      { ...of, from: 'shadow', to: 'live' },
    ]);
  });

  test('a journey whose header says paused is resumed in one step', async () => {
    const [row] = await door.db.selectFrom('journeys').selectAll().where('id', '=', 're-engagement').execute();
    const header = { ...row!.header, mode: 'paused' as const };
    const catalog = createCatalog(door.db, bench.clock, [{ id: 'sleeping', header }]);
    await catalog.deploy();
    expect(await catalog.setMode('sleeping', null, by())).toMatchObject({ from: 'paused', to: 'live' });
    expect(catalog.journeys()[0]?.header.mode).toBe('live');
    await door.db.deleteFrom('journeys').where('id', '=', 'sleeping').execute();
  });

  test('the kill switch of a message, by who is signed in too', async () => {
    const signedIn = await act(
      '/v1/session',
      { password: adminPassword },
      {
        key: null,
        headers: { 'x-sojourn-csrf': '1', origin: door.url },
      },
    );
    const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
    const asAdmin = { key: null, headers: { cookie, 'x-sojourn-csrf': '1', origin: door.url } };
    const found = await changedBy(async () => {
      await act('/v1/templates/we-miss-you/resume');
      await act('/v1/templates/we-miss-you/pause', undefined, asAdmin);
      await act('/v1/templates/we-miss-you/pause');
      await act('/v1/templates/we-miss-you/resume');
    });
    const of = { kind: 'template', subject: 'we-miss-you', about: null };
    expect(found).toEqual([
      { ...of, by: { id: 'admin', name: 'admin' }, from: 'live', to: 'paused' },
      { ...of, by: by(), from: 'paused', to: 'live' },
    ]);
    expect((await door.get('/v1/templates/paused')).json['changes']).toEqual({
      'we-miss-you': { by: 'On call', from: 'paused', to: 'live', at: expect.any(String) as string },
    });
    expect(written).toContain('"message":"we-miss-you","paused":true,"by":"admin","msg":"Message paused"');
  });

  test.each(['sent', 'failed', 'resend'])('that an uncertain send was settled as %s', async (verdict) => {
    const { id, run } = await uncertainSend();
    const found = await changedBy(async () => {
      await act(`/v1/messages/${id}/settle`, { verdict });
      await act(`/v1/messages/${id}/settle`, { verdict });
    });
    const about = { message: 'news', journey: run.journey };
    expect(found).toEqual([{ by: by(), kind: 'message', subject: id, from: 'uncertain', to: verdict, about }]);
    expect((await door.get(`/v1/messages/${id}`)).json['settled']).toMatchObject({ by: 'On call', to: verdict });
  });

  test('that a run was stopped, without the reason given, which may name somebody', async () => {
    const [journey] = await door.db.selectFrom('journeys').select('header').execute();
    const person = await bench.person();
    const { run } = await bench.run(person, { header: journey!.header });
    const found = await changedBy(async () => {
      await act(`/v1/runs/${run.id}/exit`, { reason: 'Ada Lovelace asked for it' });
      await act(`/v1/runs/${run.id}/exit`);
    });
    const about = { journey: run.journey };
    expect(found).toEqual([{ by: by(), kind: 'run', subject: run.id, from: 'live', to: 'stopped', about }]);
    expect((await door.get(`/v1/runs/${run.id}`)).json['stopped']).toMatchObject({ by: 'On call', to: 'stopped' });
    const { items } = (await door.get(`/v1/people/person:${person}/timeline`)).json as unknown as TimelineAnswer;
    expect(items[0]).toMatchObject({ kind: 'run_ended', run: run.id, by: 'On call' });
  });

  test('that a key was made, rotated and revoked, and not the key itself', async () => {
    const made: NewKeyAnswer[] = [];
    const found = await changedBy(async () => {
      made.push((await act('/v1/keys', { kind: 'server', name: 'Shop' })).json as never);
      made.push((await act(`/v1/keys/${made[0]!.id}/rotate`)).json as never);
      for (let times = 0; times < 2; times++) await door.call('DELETE', `/v1/keys/${made[0]!.id}`, { key: onCall.key });
    });
    const [old, next] = made.map(({ id }) => id);
    const about = { kind: 'server', name: 'Shop' };
    expect(found).toEqual([
      { by: by(), kind: 'key', subject: old, from: null, to: 'valid', about },
      { by: by(), kind: 'key', subject: next, from: null, to: 'valid', about: { ...about, after: old } },
      { by: by(), kind: 'key', subject: old, from: 'valid', to: 'revoked', about },
    ]);
    const { text } = await door.get('/v1/audit?limit=200');
    for (const { key } of made) expect(text).not.toContain(key);
  });
});

test('what can’t be written down is not done', async () => {
  const { id: send } = await uncertainSend();
  const { run } = await bench.run(await bench.person());
  const all = async () =>
    JSON.stringify([
      await sql`select id, mode from sojourn.journeys order by id`.execute(door.db),
      await sql`select name, value from sojourn.settings order by name`.execute(door.db),
      await sql`select id, state, reason, attempts from sojourn.sends order by id`.execute(door.db),
      await sql`select id, state from sojourn.runs order by id`.execute(door.db),
      await sql`select id, revoked_at from sojourn.api_keys order by id`.execute(door.db),
    ]);
  await act('/v1/templates/cart-reminder/pause');
  await act('/v1/templates/cart-reminder/resume');
  const before = await all();
  await sql`alter table sojourn.audit add constraint shut check (false) not valid`.execute(door.db);
  try {
    const statuses: number[] = [];
    for (const [path, body] of [
      ['/v1/journeys/re-engagement/pause'],
      ['/v1/templates/cart-reminder/pause'],
      [`/v1/messages/${send}/settle`, { verdict: 'sent' }],
      [`/v1/messages/${send}/settle`, { verdict: 'resend' }],
      [`/v1/runs/${run.id}/exit`],
      ['/v1/keys', { kind: 'server', name: 'Shop' }],
      [`/v1/keys/${onCall.id}/rotate`],
    ] as [string, unknown?][]) {
      statuses.push((await act(path, body)).status);
    }
    statuses.push((await door.call('DELETE', `/v1/keys/${onCall.id}`, { key: onCall.key })).status);
    expect(statuses).toEqual(Array(8).fill(500));
    expect(await all()).toBe(before);
  } finally {
    await sql`alter table sojourn.audit drop constraint shut`.execute(door.db);
  }
});

describe('the log of changes', () => {
  test('is read page by page, by kind, and by what was changed', async () => {
    for (const verb of ['pause', 'resume', 'pause', 'resume']) await act(`/v1/journeys/cart-abandonment/${verb}`);
    const whole = await changes('?limit=200');
    const paged: AuditItem[] = [];
    for (let next: string | null = ''; next !== null;) {
      const { json } = await door.get(`/v1/audit?limit=3${next && `&before=${next}`}`);
      const page = json as unknown as AuditAnswer;
      paged.push(...page.changes);
      next = page.next;
    }
    expect(paged).toEqual(whole);
    expect(whole.map(({ id }) => Number(id))).toEqual(whole.map(({ id }) => Number(id)).sort((a, b) => b - a));
    const journeys = whole.filter(({ kind }) => kind === 'journey');
    expect(await changes('?kind=journey')).toEqual(journeys);
    const one = journeys.filter(({ subject }) => subject === 'cart-abandonment');
    expect(await changes('?kind=journey&subject=cart-abandonment')).toEqual(one);
    expect(one.slice(0, 4).map(({ to }) => to)).toEqual(['live', 'paused', 'live', 'paused']);
    expect(await changes('?kind=run&subject=cart-abandonment')).toEqual([]);
  });

  test.each([
    ['kind=person', 'kind'],
    ['subject=re-engagement', 'kind'],
    ['kind=journey&subject=%00', 'subject'],
    ['before=x', 'before'],
    ['limit=1000', 'limit'],
    ['since=1', 'since'],
  ])('is not read with %s', async (query, path) => {
    expectProblem(await door.get(`/v1/audit?${query}`), 400, 'invalid-request', path);
  });

  test('is for secret keys and admins only', async () => {
    expectProblem(await door.get('/v1/audit', { key: writeKey }), 403, 'forbidden');
    expectProblem(await door.get('/v1/audit', { key: null }), 401, 'unauthorized');
  });

  test('is kept for 400 days of the wall', async () => {
    await act('/v1/journeys/re-engagement/pause');
    const [newest, ...older] = await changes();
    const age = (days: number, id: string) =>
      sql`update sojourn.audit set wall_created_at = now() - make_interval(days => ${days}) where id = ${id}`;
    await age(399, newest!.id).execute(door.db);
    await age(401, older[0]!.id).execute(door.db);
    await prune(door.db);
    expect(await changes()).toEqual([newest, ...older.slice(1)]);
  });
});
