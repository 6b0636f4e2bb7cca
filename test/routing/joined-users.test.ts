/** Two known users whom a server's alias says to be one: who they are then, and what becomes of all that was theirs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccept } from '../../src/events';
import { stepKey, type Carried } from '../../src/journey';
import { createConsents, type EmailProvider } from '../../src/messaging';
import { listPeople } from '../../src/people';
import { requestTrigger } from '../../src/routing';
import { makeSender, plainMessages } from '../messaging/setup';
import { scratchFolder } from '../support';
import { joining, journeys } from './joining';
import { routingBench, type RoutingBench } from './support';

let bench: RoutingBench;
const { track, decide, alias, person, runsOf, pending } = joining(() => bench);
beforeAll(async () => {
  bench = await routingBench(journeys);
});
afterAll(() => bench?.close());

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

  it('whose no, where one of them has said it, is told with when and where that was', async () => {
    const consents = createConsents({ db: bench.store.db, clock: bench.clock });
    const [old, survivor] = [await track('fay-old'), await track('fay')];
    await decide(old, survivor);
    await consents.set({ personId: survivor, topic: 'news', state: 'in', source: 'page' });
    await consents.set({ personId: survivor, topic: 'offers', state: 'out', source: 'page' });
    for (const topic of ['news', 'offers']) await consents.unsubscribe({ personId: old, topic, source: 'one-click' });
    const [news] = (await person('fay-old'))!.consents;
    const [, offers] = (await person('fay'))!.consents;
    await decide(await alias('fay', 'fay-old'));
    expect((await person('fay'))?.consents).toEqual([news, offers]);
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
