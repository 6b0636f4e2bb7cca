/** Two known users whom a server's alias says to be one: who they are then, and what becomes of all that was theirs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/db';
import { createAccept } from '../../src/events';
import { stepKey, type Carried } from '../../src/journey';
import { createConsents, type EmailProvider } from '../../src/messaging';
import { findPerson, listPeople, readPerson } from '../../src/people';
import { createDecider, createRouter, requestTrigger } from '../../src/routing';
import { makeSender, plainMessages } from '../messaging/setup';
import { scratchFolder, waitingForLocks } from '../support';
import { catalogOf, routingBench, type RoutingBench } from './support';

const journeys: Parameters<typeof catalogOf>[0] = {
  reminder: { on: 'add_to_cart', entry: { once: 'per 24 hours' }, goal: { event: 'purchase', within: '7 days' } },
  'per-cart': { on: 'begin_checkout', key: 'cart_id' },
  digest: { on: 'view_item', hears: ['view_item'], onRepeat: 'hear' },
};
let bench: RoutingBench;
beforeAll(async () => {
  bench = await routingBench(journeys);
});
afterAll(() => bench?.close());

const { track, decide, alias, person, runsOf } = {
  track: (user: string, name = 'page', properties = {}) => bench.track(user, name, properties),
  decide: (...people: string[]) => bench.decider.decide(people),
  /** As a server's; whose the event is. */
  alias: (userId: string, previousId: string, more = {}) =>
    bench.track(userId, 'alias', {}, { type: 'alias', previousId, joinsUsers: true, activity: false, ...more }),
  person: async (user: string) => {
    const found = await findPerson(bench.store.db, { kind: 'user', value: user });
    return found && readPerson(bench.store.db, found);
  },
  runsOf: async (user: string) => {
    const found = await findPerson(bench.store.db, { kind: 'user', value: user });
    const runs = bench.store.db
      .selectFrom('runs')
      .selectAll()
      .where('person_id', '=', found?.id ?? '0');
    return runs.orderBy('id').execute();
  },
};
const pending = () => bench.store.db.selectFrom('pending').selectAll().execute();

describe('are one person', () => {
  it('of the new user id, whom the old one names everywhere', async () => {
    const { db } = bench.store;
    const old = await bench.track('ann-old', 'identify', { plan: 'pro', name: 'A' }, { type: 'identify' });
    const survivor = await bench.track('ann', 'identify', { name: 'Ann' }, { type: 'identify' });
    await decide(old, survivor);
    await alias('ann', 'ann-old');
    await decide(survivor);
    const ann = { id: survivor, userId: 'ann', otherUserIds: ['ann-old'], traits: { plan: 'pro', name: 'Ann' } };
    expect(await person('ann-old')).toMatchObject(ann);
    expect(await person('ann')).toMatchObject(ann);
    expect(await listPeople(db, { search: 'ann-old', limit: 5 })).toMatchObject([{ id: survivor, userId: 'ann' }]);
    const request = { journey: 'reminder', userId: 'ann-old', messageId: 'ask ann-old', facts: {}, source: 'test' };
    expect(await requestTrigger({ ...bench, db }, request)).toMatchObject({ status: 'triggered' });
    expect(await runsOf('ann')).toMatchObject([{ person_id: survivor, workflow_id: 'reminder/ann' }]);
  });

  it('also when the alias comes from another process than the events of either, and in one request with them', async () => {
    const { db } = bench.store;
    const other = createAccept({ db, clock: bench.clock });
    const common = { properties: {}, occurredAt: bench.clock.now(), source: 'test', planned: true, activity: true };
    const seen = { ...common, type: 'track' as const, name: 'page' };
    const aliased = { ...common, type: 'alias' as const, name: 'alias', joinsUsers: true };
    await track('bea-old');
    await track('bea');
    const [of] = await other.accept([{ ...aliased, messageId: 'bea', userId: 'bea', previousId: 'bea-old' }]);
    const together = await other.accept([
      { ...seen, messageId: 'cal-old', userId: 'cal-old' },
      { ...aliased, messageId: 'cal', userId: 'cal', previousId: 'cal-old' },
    ]);
    await decide(of!.personId, together[1]!.personId);
    expect((await person('bea-old'))?.userId).toBe('bea');
    expect((await person('cal-old'))?.userId).toBe('cal');
  });

  it('whose older run in each journey and of each key goes on, and whose younger ends superseded', async () => {
    const users = ['dee-old', 'dee'];
    for (const user of users) await track(user, 'add_to_cart');
    for (const user of users.toReversed()) await track(user, 'begin_checkout', { cart_id: 'both' });
    await track('dee-old', 'begin_checkout', { cart_id: 'old' });
    await decide(await track('dee-old'), await track('dee'));
    await decide(await alias('dee', 'dee-old'));
    const runs = await runsOf('dee');
    expect(runs.filter(({ state }) => state === 'live').map((run) => run.workflow_id)).toEqual([
      'reminder/dee-old',
      'per-cart/dee/both',
      'per-cart/dee-old/old',
    ]);
    const ended = runs.filter(({ state }) => state === 'ended');
    expect(ended.map((run) => [run.workflow_id, run.outcome])).toEqual([
      ['reminder/dee', 'superseded'],
      ['per-cart/dee-old/both', 'superseded'],
    ]);
    const told = bench.store.db.selectFrom('deliveries').select('kind').where('kind', '=', 'end');
    expect(await told.where('run_id', 'in', [...ended.map(({ id }) => id)]).execute()).toHaveLength(2);
  });

  it('with what either has entered, refused and drawn', async () => {
    const { db } = bench.store;
    const consents = createConsents({ db, clock: bench.clock });
    const old = await track('eli-old', 'add_to_cart');
    await track('eli-old', 'purchase');
    const survivor = await track('eli');
    await decide(old, survivor);
    for (const [personId, topic, state] of [
      [old, 'news', 'out'],
      [survivor, 'news', 'in'],
      [old, 'offers', 'in'],
      [survivor, 'offers', 'out'],
    ] as const) {
      await consents.set({ personId, topic, state, source: 'page' });
    }
    const drawn = { assigned_at: new Date(), experiment: 'subject' };
    await db
      .insertInto('assignments')
      .values({ ...drawn, person_id: old, variant: 'a' })
      .execute();
    const second = { ...drawn, experiment: 'hour', person_id: old, variant: 'b' };
    await db
      .insertInto('assignments')
      .values([second, { ...second, person_id: survivor, variant: 'c' }])
      .execute();
    await decide(await alias('eli', 'eli-old'));
    // Of a mail that went out before, to the old one.
    await consents.unsubscribe({ personId: old, topic: 'later', source: 'one-click' });
    await decide(await track('eli', 'add_to_cart'));
    const eli = await person('eli');
    const out = ['later', 'news', 'offers'].map((topic) => ({ topic, state: 'out' }));
    expect(eli?.consents).toMatchObject(out);
    expect(eli?.variants).toEqual([
      { experiment: 'hour', variant: 'c' },
      { experiment: 'subject', variant: 'a' },
    ]);
    const decisions = db.selectFrom('decisions').select('reason').where('person_id', '=', survivor);
    expect(await decisions.where('verdict', '=', 'refused').execute()).toEqual([{ reason: 'entry_limit' }]);
  });
});

it('what both got counts for caps and cooldowns (P7)', async () => {
  const { db } = bench.store;
  const folder = await scratchFolder();
  const email: EmailProvider = {
    name: 'accepts',
    send: () => Promise.resolve({ kind: 'accepted', response: '250 ok' }),
  };
  const sender = makeSender(
    { db, clock: bench.clock, messages: await plainMessages(folder), smtpUrl: 'smtp://127.0.0.1:1' },
    { email, settle: (personId) => bench.decider.decide([personId]) },
  );
  const runWith = async (user: string, trigger: string): Promise<Carried> => {
    const personId = await bench.track(user, 'identify', { email: `${user}@example.com` }, { type: 'identify' });
    await decide(await track(user, trigger), personId);
    const [run] = await runsOf(user);
    const { id, journey } = run!;
    return { run: { id, journey, number: Number(run!.number), key: user, personId }, position: 0, steps: [] };
  };
  const send = (carried: Carried, step: string, message: string) =>
    sender.send(carried, { stepKey: stepKey(carried.run, step), step, message, props: {} });
  const [old, renewed] = [await runWith('quy-old', 'add_to_cart'), await runWith('quy', 'view_item')];
  for (const [step, message] of [
    ['1', 'rare'],
    ['2', 'news'],
    ['3', 'news'],
  ] as const) {
    expect(await send(old, step, message)).toMatchObject({ status: 'sent' });
  }
  await alias('quy', 'quy-old');
  expect(await send(renewed, '1', 'rare')).toMatchObject({ status: 'skipped', reason: 'cooldown' });
  expect(await send(renewed, '2', 'news')).toMatchObject({ status: 'skipped', reason: 'capped' });
  expect(await send(old, '4', 'urgent')).toMatchObject({ status: 'sent' });
  const address = db.selectFrom('sends').select('address').where('run_id', '=', old.run.id).orderBy('number', 'desc');
  expect(await address.executeTakeFirst()).toEqual({ address: 'quy@example.com' });
});

describe('what comes under the old user id', () => {
  it('is heard by the run of the new one, in order, and links nobody again', async () => {
    await track('fay-old');
    await decide(await track('fay-old'), await track('fay', 'view_item', { n: 0 }));
    await alias('fay', 'fay-old', { anonymousId: 'device of fay' });
    for (const [user, n] of [
      ['fay-old', 1],
      ['fay', 2],
      ['fay-old', 3],
    ] as const) {
      await track(user, 'view_item', { n });
    }
    await decide(await track('fay-old'));
    const [run] = await runsOf('fay');
    const told = await bench.store.db
      .selectFrom('deliveries')
      .select('payload')
      .where('run_id', '=', run!.id)
      .where('kind', '=', 'event')
      .orderBy('number')
      .execute();
    expect(told.map(({ payload }) => (payload as { event: { properties: object } }).event.properties)).toEqual(
      [1, 2, 3].map((n) => ({ n })),
    );
    // This process has known the old one as somebody else, and the device as the new one's.
    for (let n = 0; n < 2; n++) await bench.track('fay-old', 'view_item', {}, { anonymousId: 'device of fay' });
    const late = await bench.track('fay-old', 'page', {}, { anonymousId: 'device of fay' });
    expect((await pending()).map(({ links }) => links)).toEqual([null, null, null]);
    await decide(late);
  });

  it('right after several joined in a row ends the run of the last, whoever of them is asked for', async () => {
    for (const asked of ['gus-1', 'gus-2', 'gus-3']) {
      const users = [1, 2, 3].map((n) => `${asked} of ${n}`) as [string, string, string];
      const [one, two, three] = users;
      for (const user of users.slice(0, 2)) await decide(await track(user));
      await decide(await track(three, 'add_to_cart'));
      await alias(two, one);
      await alias(three, two);
      await track(one, 'purchase');
      await decide(await track(users[Number(asked.at(-1)) - 1]!));
      expect(await runsOf(one), asked).toMatchObject([{ outcome: 'converted' }]);
      expect(await person(one)).toMatchObject({ userId: three, otherUserIds: [one, two] });
    }
  });

  it('is decided after an alias that was committed before it, however late that is seen', async () => {
    const { db } = bench.store;
    // Another process: this one's connections are few, and one of them waits.
    const second = openDatabase({ url: bench.store.url });
    const decider = createDecider({ db: second, clock: bench.clock, catalog: () => catalogOf(journeys) });
    const router = () => createRouter({ db: second, decider, idle: () => Promise.resolve() }).stop();
    try {
      for (const [name, deciding] of [
        ['by whoever asks', (id: string) => decider.decide([id])],
        ['by a router', router],
      ] as const) {
        const [old, renewed] = [`hal-old ${name}`, `hal ${name}`];
        const before = await track(old);
        await decide(before, await track(renewed, 'add_to_cart'));
        const survivor = (await person(renewed))!.id;
        let late: Promise<unknown> | undefined;
        await db.transaction().execute(async (tx) => {
          // The router leaves out whom somebody holds: it finds the old one alone.
          const held = name === 'by a router' ? survivor : before;
          await tx.selectFrom('people').select('id').where('id', '=', held).forNoKeyUpdate().execute();
          if (held === before) {
            late = deciding(before);
            await waitingForLocks(db, 1);
          }
          await alias(renewed, old);
          await track(old, 'purchase');
          if (held === survivor) {
            late = deciding(before);
            await waitingForLocks(db, 1);
          }
        });
        await late;
        await decide(survivor);
        expect(await runsOf(renewed), name).toMatchObject([{ outcome: 'converted' }]);
        expect(await pending()).toEqual([]);
      }
    } finally {
      await second.destroy();
    }
  });
});

describe('nothing changes', () => {
  it('when it is said again, the other way round, or of oneself', async () => {
    await track('ida-old');
    await track('ida');
    const survivor = await alias('ida', 'ida-old');
    await decide(survivor);
    const before = await person('ida');
    for (const [user, previous] of [
      ['ida', 'ida-old'],
      ['ida-old', 'ida'],
      ['ida', 'ida'],
    ] as const) {
      await alias(user, previous);
      expect((await pending()).map(({ links }) => links)).toEqual([null]);
      await decide(survivor);
    }
    expect(await person('ida-old')).toEqual(before);
  });

  it('when who says it may not', async () => {
    const other = await track('jon-old');
    const jon = await track('jon');
    await alias('jon', 'jon-old', { joinsUsers: undefined });
    await bench.track('jon', 'identify', {}, { type: 'identify', anonymousId: 'jon-old' });
    await decide(jon, other);
    expect((await person('jon-old'))?.userId).toBe('jon-old');
    // The device that a visitor has called so is not who is meant.
    const visitor = await bench.track('', 'page', {}, { userId: undefined, anonymousId: 'kim-old' });
    const device = await bench.track('lea', 'page', {}, { anonymousId: 'device of lea' });
    await track('kim-old');
    const kim = await track('kim');
    await alias('kim', 'kim-old');
    await alias('kim', 'device of lea');
    await decide(kim, visitor, device);
    expect(await person('kim')).toMatchObject({ userId: 'kim', otherUserIds: ['kim-old'], anonymousIds: [] });
    expect((await person('lea'))?.userId).toBe('lea');
  });

  it('of a previous id that nobody is known under: it is a device of the user, as ever', async () => {
    await decide(await alias('moe', 'nobody-yet'));
    expect(await person('moe')).toMatchObject({ otherUserIds: [], anonymousIds: ['nobody-yet'] });
    expect(await person('nobody-yet')).toBeUndefined();
  });

  it('for who is no longer in the store, before the alias or between it and its settling', async () => {
    const { db } = bench.store;
    const erase = async (id: string) => {
      await db.deleteFrom('pending').where('person_id', '=', id).execute();
      await db.deleteFrom('person_ids').where('person_id', '=', id).execute();
      await db.deleteFrom('people').where('id', '=', id).execute();
    };
    const api = createAccept({ db, clock: bench.clock });
    const say = async (userId: string, previousId: string) => {
      const event = { type: 'alias' as const, name: 'alias', messageId: `${userId} was ${previousId}`, properties: {} };
      const more = { occurredAt: bench.clock.now(), source: 'test', planned: true, activity: false, joinsUsers: true };
      return (await api.accept([{ ...event, ...more, userId, previousId }]))[0]!.personId;
    };
    await erase(await track('ned-old'));
    await decide(await say('ned', 'ned-old'));
    expect(await person('ned')).toMatchObject({ otherUserIds: [], anonymousIds: ['ned-old'] });

    const between = await track('ora-old');
    const ora = await say('ora', 'ora-old');
    await erase(between);
    await decide(ora);
    expect(await person('ora')).toMatchObject({ otherUserIds: [], anonymousIds: [] });

    const old = await track('pia-old');
    await erase(await say('pia', 'pia-old'));
    await decide(old);
    expect(await person('pia-old')).toMatchObject({ id: old, otherUserIds: [] });
    expect(await pending()).toEqual([]);
  });
});

it('aliases of the same people, to and fro and in a ring, from several processes at once make one of them, without a deadlock', async () => {
  const databases = [1, 2, 3].map(() => openDatabase({ url: bench.store.url, maxConnections: 4 }));
  const deciders = databases.map((db) => createDecider({ db, clock: bench.clock, catalog: () => catalogOf(journeys) }));
  try {
    for (let round = 0; round < 15; round++) {
      const users = ['a', 'b', 'c'].map((name) => `${name} of ring ${round}`);
      const people = await Promise.all(users.map((user) => track(user, 'add_to_cart')));
      await decide(...people);
      await Promise.all(
        deciders.map(async (decider, n) => {
          const [one, two] = [users[n]!, users[(n + 1) % 3]!];
          const said = await Promise.all([alias(one, two), alias(two, one), track(one, 'view_item')]);
          await decider.decide(n % 2 === 0 ? said : said.toReversed());
        }),
      );
      await decide(...people);
      const found = await Promise.all(users.map(person));
      expect(new Set(found.map((one) => one?.id)).size).toBe(1);
      const live = (await runsOf(users[0]!)).filter(({ state }) => state === 'live').map(({ journey }) => journey);
      expect(live.sort()).toEqual(['digest', 'reminder']);
    }
    expect(await pending()).toEqual([]);
  } finally {
    await Promise.all(databases.map((db) => db.destroy()));
  }
});
