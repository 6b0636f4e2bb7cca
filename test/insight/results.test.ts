/** What the overview and a journey's page tell, from events that came in over HTTP and rows as runs write them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JourneyAnswer, OverviewAnswer, PeopleAnswer } from '../../src/http/answers';
import { expectProblem } from '../http/expect-problem';
import { openFrontDoor, type FrontDoor } from '../http/front-door';

let door: FrontDoor;
const people = ['ann', 'ben', 'cid', 'dan'];
const runs = new Map<string, string>();
const items = (value: number) => ({ value, items: [{ item_id: 'a', item_name: 'A', price: value, quantity: 1 }] });

beforeAll(async () => {
  door = await openFrontDoor();
  for (const userId of people) {
    await door.post('/v1/identify', { userId, traits: { name: `The ${userId}`, email: `${userId}@Example.com` } });
    await door.post('/v1/track', { userId, event: 'add_to_cart', properties: items(80) });
  }
  await door.post('/v1/track', { userId: 'eve', event: 'add_to_cart', properties: items(20) });
  for (let n = 0; n < 3; n++) await door.post('/v1/track', { userId: 'eve', event: 'pressed_a_button' });
  await door.post('/v1/track', { userId: 'ann', event: 'purchase', properties: { ...items(80), transaction_id: 't' } });
  const known = await door.db.selectFrom('people').select(['id', 'user_id']).execute();
  await door.decider.decide(known.map(({ id }) => id));
  for (const run of await door.db.selectFrom('runs').select(['id', 'person_id']).execute()) {
    runs.set(known.find(({ id }) => id === run.person_id)!.user_id!, run.id);
  }
  await walk('ann', ['idle 30m reached', 'experiment offer none', 'send cart-reminder sent']);
  await walk('ben', ['idle 30m reached', 'experiment offer ten', 'send cart-reminder skipped']);
  await walk('cid', ['idle 30m reached']);
  await send('ann', 'sent');
  await send('ben', 'skipped');
  await send('cid', 'uncertain');
});
afterAll(() => door.close());

/** As a run carries its trace out: the last word is the result. */
async function walk(person: string, trace: string[]): Promise<void> {
  const rows = trace.map((line, position) => {
    const space = line.lastIndexOf(' ');
    const [step, result] = [line.slice(0, space), line.slice(space + 1)];
    return { run_id: runs.get(person)!, position, at: new Date(), step, result, why: null };
  });
  await door.db.insertInto('run_steps').values(rows).execute();
}

async function send(person: string, state: 'sent' | 'skipped' | 'uncertain'): Promise<void> {
  const run = await door.db
    .selectFrom('runs')
    .selectAll()
    .where('id', '=', runs.get(person)!)
    .executeTakeFirstOrThrow();
  const row = { id: `snd_${person}`, step_key: `k/${person}`, run_id: run.id, person_id: run.person_id, state };
  const what = { journey: run.journey, step: 'send cart-reminder', message: 'cart-reminder', channel: 'email' };
  const rest = { kind: 'marketing' as const, props: '{}', created_at: new Date() };
  await door.db
    .insertInto('sends')
    .values({ ...row, ...what, ...rest })
    .execute();
}

describe('the overview', () => {
  test('counts what came in, by bucket and in all', async () => {
    const { json } = await door.get('/v1/overview?minutes=10');
    const overview = json as unknown as OverviewAnswer;
    expect(overview).toMatchObject({ minutes: 10, bucketSeconds: 10, runs: { live: 3, started: 4, ended: 1 } });
    const accepted = (await door.kept()).length;
    expect(overview.events.total).toBe(accepted);
    expect(overview.events.series.reduce((sum, { count }) => sum + count, 0)).toBe(accepted);
    expect(overview.events.perSecond).toBeLessThanOrEqual(accepted / 10);
    expect(overview.runs.byJourney).toEqual([
      { journey: 'cart-abandonment', mode: 'live', live: 3, started: 4, ended: 1, converted: 1 },
      { journey: 're-engagement', mode: 'live', live: 0, started: 0, ended: 0, converted: null },
    ]);
    expect(overview.runs.series.reduce((sum, { started }) => sum + started, 0)).toBe(4);
    expect(overview.messages.counts).toEqual({ sent: 1, skipped: 1, uncertain: 1 });
    expect(overview.messages.series.reduce((sum, { sent, skipped }) => sum + sent + skipped, 0)).toBe(2);
  });

  test('says what needs somebody', async () => {
    const { attention, parts } = (await door.get('/v1/overview')).json as unknown as OverviewAnswer;
    expect(attention).toMatchObject({ uncertain: 1, held: 0, failed: 0, setAside: 0 });
    expect(attention.unplanned).toEqual([{ name: 'pressed_a_button', count: 3 }]);
    expect(parts).toEqual({ store: { ready: true } });
  });

  test('names the journeys whose runs failed, with what the last one failed with', async () => {
    const ended = {
      state: 'ended' as const,
      outcome: 'failed' as const,
      reason: 'no such thing',
      ended_at: new Date(),
    };
    const before = await door.db.selectFrom('runs').selectAll().where('id', '=', runs.get('ben')!).executeTakeFirst();
    await door.db.updateTable('runs').set(ended).where('id', '=', before!.id).execute();
    try {
      const { attention } = (await door.get('/v1/overview?minutes=59')).json as unknown as OverviewAnswer;
      expect(attention.failedRuns).toEqual([{ journey: 'cart-abandonment', runs: 1, reason: 'no such thing' }]);
    } finally {
      const { state, outcome, reason, ended_at } = before!;
      await door.db
        .updateTable('runs')
        .set({ state, outcome: outcome ?? undefined, reason: reason ?? undefined, ended_at })
        .where('id', '=', before!.id)
        .execute();
    }
  });

  test('says what waits, and for how long', async () => {
    await door.post('/v1/track', { userId: 'late', event: 'login' });
    const at = new Date(Date.now() - 90_000);
    await door.db.updateTable('pending').set({ event_accepted_at: at }).execute();
    // Another window than above, whose answer may be kept still.
    const { attention } = (await door.get('/v1/overview?minutes=61')).json as unknown as OverviewAnswer;
    expect(attention.waiting.pending).toBe(1);
    expect(attention.waiting.oldestSeconds).toBeGreaterThanOrEqual(90);
    const { id } = await door.db
      .selectFrom('people')
      .select('id')
      .where('user_id', '=', 'late')
      .executeTakeFirstOrThrow();
    await door.decider.decide([id]);
  });

  test.each(['minutes=0', 'minutes=1441', 'minutes=x', 'hours=1'])('refuses ?%s', async (query) => {
    expectProblem(await door.get(`/v1/overview?${query}`), 400, 'invalid-request', query.split('=')[0]);
  });
});

describe('a journey', () => {
  const read = async (query = '') =>
    (await door.get(`/v1/journeys/cart-abandonment${query}`)).json as unknown as JourneyAnswer;

  test('tells how far people came, in order', async () => {
    const { funnel, cut, days } = await read();
    expect([cut, days]).toEqual([false, 30]);
    expect(funnel).toEqual([
      { kind: 'entered', step: 'entered', label: 'entered', runs: 4, share: 1 },
      { kind: 'step', step: 'idle 30m', label: 'waits for 30 minutes without activity', runs: 3, share: 0.75 },
      { kind: 'step', step: 'experiment offer', label: 'draws a variant of offer', runs: 2, share: 0.5 },
      {
        kind: 'send',
        step: 'send cart-reminder',
        label: 'sends cart reminder',
        runs: 2,
        share: 0.5,
        sent: 1,
        skipped: 1,
      },
      { kind: 'goal', step: 'goal', label: 'reached the goal', runs: 1, share: 0.25 },
    ]);
  });

  const early = { stillOpen: 1, settled: { runs: 0, goals: 0 } };
  test('counts variants', async () => {
    expect((await read()).variants).toEqual([
      { experiment: 'offer', variant: 'none', runs: 1, goals: 1, rate: 1, ...early },
      { experiment: 'offer', variant: 'ten', runs: 1, goals: 0, rate: 0, ...early },
    ]);
  });

  test('counts those who were held out apart from the rest', async () => {
    const [journey] = await door.db.selectFrom('journeys').selectAll().where('id', '=', 'cart-abandonment').execute();
    const held = await openFrontDoor({
      parts: {
        db: door.db,
        catalog: { journeys: () => [{ id: journey!.id, header: { ...journey!.header, holdout: 5 } }] },
      },
    });
    try {
      await door.db.updateTable('runs').set({ holdout: true }).where('id', '=', runs.get('dan')!).execute();
      const { variants } = (await held.get('/v1/journeys/cart-abandonment')).json as unknown as JourneyAnswer;
      expect(variants.slice(0, 2)).toEqual([
        { experiment: 'holdout', variant: 'held out', runs: 1, goals: 0, rate: 0, ...early },
        { experiment: 'holdout', variant: 'messaged', runs: 3, goals: 1, rate: 1 / 3, ...early, stillOpen: 3 },
      ]);
    } finally {
      await held.close();
    }
  });

  test('tells where people are, what was sent, and why others did not enter', async () => {
    const { where, messages, refusals, series } = await read('?days=7');
    expect(where).toEqual([
      { step: 'idle 30m', label: 'after: waits for 30 minutes without activity', runs: 1 },
      { step: 'send cart-reminder', label: 'after: sends cart reminder', runs: 1 },
      { step: 'entered', label: 'before the first step is done', runs: 1 },
    ]);
    expect(messages).toEqual(
      ['sent', 'skipped', 'uncertain'].map((state) => ({ message: 'cart-reminder', state, count: 1 })),
    );
    expect(refusals).toEqual([{ reason: 'rule_not_met', label: 'the entry rule did not hold', count: 1 }]);
    expect([series.length, series.reduce((sum, { count }) => sum + count, 0)]).toEqual([7, 4]);
  });

  test('what a run waits for counts as reached, until its trace has gone on', async () => {
    const waiting = JSON.stringify({ step: 'idle 30m', position: 0 });
    const waiters = [runs.get('dan')!, runs.get('cid')!];
    await door.db.updateTable('runs').set({ waiting }).where('id', 'in', waiters).execute();
    const { where, funnel } = await read('?days=8');
    expect(where.map(({ label, runs: many }) => [label, many])).toEqual([
      ['after: waits for 30 minutes without activity', 1],
      ['waits for 30 minutes without activity', 1],
      ['after: sends cart reminder', 1],
    ]);
    expect(funnel.map(({ step, runs: many }) => [step, many])).toContainEqual(['idle 30m', 4]);
    expect(funnel).toContainEqual(expect.objectContaining({ kind: 'send', sent: 1, skipped: 1 }));
  });

  test('says nothing of runs from before its window', async () => {
    const long = new Date(Date.now() - 40 * 86_400_000);
    await door.db.updateTable('runs').set({ started_at: long }).where('id', '=', runs.get('ben')!).execute();
    expect((await read('?days=31')).funnel[0]?.runs).toBe(3);
    expect((await read('?days=60')).funnel[0]?.runs).toBe(4);
    expectProblem(await door.get('/v1/journeys/cart-abandonment?days=0'), 400, 'invalid-request', 'days');
  });
});

describe('people', () => {
  const list = async (query = '') => ((await door.get(`/v1/people${query}`)).json as unknown as PeopleAnswer).people;

  test('are listed seen last first, with how many runs they are in', async () => {
    const all = await list();
    const seen = all.map(({ lastSeenAt, firstSeenAt }) => lastSeenAt ?? firstSeenAt);
    expect(seen).toEqual([...seen].sort().reverse());
    expect(all.find(({ id }) => id === 'ann')).toMatchObject({
      email: 'ann@Example.com',
      name: 'The ann',
      liveRuns: 0,
    });
    expect(all.find(({ id }) => id === 'cid')).toMatchObject({ liveRuns: 1 });
  });

  test('page by page are the same', async () => {
    const whole = await list();
    const pages: unknown[] = [];
    let next: string | null = null;
    do {
      const before: string = next === null ? '' : `&before=${next}`;
      const page = (await door.get(`/v1/people?limit=2${before}`)).json as unknown as PeopleAnswer;
      pages.push(...page.people);
      next = page.next;
    } while (next !== null);
    expect(pages).toEqual(whole);
  });

  test.each([
    ['ann', ['ann']],
    ['ANN@EXAMPLE', ['ann']],
    ['the b', ['ben']],
    ['The ', ['ann', 'ben', 'cid', 'dan']],
    ['nn', []],
    ['%', []],
    ['_nn', []],
    ['\\', []],
  ])('are found by the beginning of what they are called: %j', async (search, found) => {
    const people = await list(`?search=${encodeURIComponent(search)}`);
    expect(people.map(({ id }) => id).sort()).toEqual(found);
  });

  test('who were merged into somebody are listed as that one', async () => {
    await door.post('/v1/track', { anonymousId: 'visitor', event: 'login' });
    const before = (await list()).length;
    await door.post('/v1/identify', { userId: 'ann', anonymousId: 'visitor' });
    const known = await door.db.selectFrom('people').select('id').execute();
    await door.decider.decide(known.map(({ id }) => id));
    expect((await list()).length).toBe(before - 1);
  });

  test('are named so that each is found again', async () => {
    await door.post('/v1/track', { anonymousId: 'somebody', event: 'login' });
    for (const { id } of await list()) {
      expect((await door.get(`/v1/people/${encodeURIComponent(id)}`)).status).toBe(200);
    }
  });

  test.each(['limit=0', 'before=x', 'search=%00', 'name=ann'])('refuse ?%s', async (query) => {
    expectProblem(await door.get(`/v1/people?${query}`), 400, 'invalid-request', query.split('=')[0]);
  });
});
