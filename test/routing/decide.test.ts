import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cart } from '../../src/behaviour';
import { createConsents } from '../../src/messaging';
import { createDecider } from '../../src/routing';
import { waitingForLocks } from '../support';
import { catalogOf, routingBench, type RoutingBench } from './support';

let bench: RoutingBench;

beforeAll(async () => {
  bench = await routingBench({
    reminder: {
      on: 'add_to_cart',
      when: cart.value.moreThan(50),
      entry: { once: 'per 24 hours' },
      exitOn: ['logout'],
      goal: { event: 'purchase', within: '7 days' },
    },
    digest: { on: 'view_item', hears: ['view_item'], onRepeat: 'ignore' },
    fresh: { on: 'search', onRepeat: 'restart', exitOn: [{ event: 'page', where: { name: 'bye' } }] },
    'per-cart': { on: 'begin_checkout', key: 'cart_id' },
    winback: { on: { kind: 'absent', event: 'login', forMs: 1000 } },
  });
});
afterAll(() => bench.close());

const runsOf = (person: string) =>
  bench.store.db.selectFrom('runs').selectAll().where('person_id', '=', person).orderBy('id').execute();
const decisionsOf = (person: string) =>
  bench.store.db.selectFrom('decisions').selectAll().where('person_id', '=', person).orderBy('number').execute();
const deliveriesOf = async (person: string) => {
  const runs = await runsOf(person);
  return bench.store.db
    .selectFrom('deliveries')
    .selectAll()
    .where('run_id', 'in', [...runs.map((run) => run.id), '0'])
    .orderBy('number')
    .execute();
};

describe('deciding', () => {
  it('starts a run when the rule holds, and keeps the inputs of a refusal when it does not', async () => {
    const person = await bench.track('ann', 'add_to_cart', { value: 20 });
    await bench.decider.decide([person]);
    expect(await runsOf(person)).toEqual([]);
    expect(await decisionsOf(person)).toMatchObject([
      { verdict: 'refused', reason: 'rule_not_met', inputs: { 'cart value': 20 } },
    ]);
    await bench.track('ann', 'add_to_cart', { value: 60 });
    await bench.decider.decide([person]);
    expect(await runsOf(person)).toMatchObject([{ state: 'live', workflow_id: 'reminder/ann', key: 'person' }]);
    expect(await deliveriesOf(person)).toMatchObject([{ kind: 'start' }]);
  });

  it('ends a live run at its goal under a number above its own, and refuses the next within the entry limit', async () => {
    const person = await bench.track('bob', 'add_to_cart', { value: 80 });
    await bench.track('bob', 'purchase', { value: 80 });
    await bench.track('bob', 'add_to_cart', { value: 90 });
    await bench.decider.decide([person]);
    const [run, ...others] = await runsOf(person);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ state: 'ended', outcome: 'converted' });
    expect(Number(run!.end_number)).toBeGreaterThan(Number(run!.number));
    expect(await decisionsOf(person)).toMatchObject([
      { verdict: 'entered' },
      { verdict: 'ended', reason: 'goal purchase' },
      { verdict: 'refused', reason: 'entry_limit' },
    ]);
    // It never got to Temporal, so there is nothing to tell.
    expect(await deliveriesOf(person)).toEqual([]);
  });

  it('says of a repeated trigger which run was live already, also when that began in the same round', async () => {
    const person = await bench.track('rae', 'begin_checkout', { cart_id: 'c1' });
    await bench.track('rae', 'begin_checkout', { cart_id: 'c1' });
    await bench.decider.decide([person]);
    const [run] = await runsOf(person);
    expect(await decisionsOf(person)).toMatchObject([
      { verdict: 'entered', run_id: run!.id },
      { verdict: 'refused', reason: 'already_running', inputs: { run: run!.id } },
    ]);
  });

  it('tells a live run what it hears, numbered upwards in order of acceptance', async () => {
    const person = await bench.track('cid', 'view_item', { n: 0 });
    for (let n = 1; n <= 5; n++) await bench.track('cid', 'view_item', { n });
    await bench.decider.decide([person]);
    const deliveries = await deliveriesOf(person);
    expect(deliveries.map((one) => one.kind)).toEqual(['start', 'event', 'event', 'event', 'event', 'event']);
    expect(
      deliveries.slice(1).map((one) => (one.payload as { event: { properties: unknown } }).event.properties),
    ).toEqual([1, 2, 3, 4, 5].map((n) => ({ n })));
    expect(await runsOf(person)).toMatchObject([{ heard: 5 }]);
    await bench.track('cid', 'view_item');
    await bench.decider.decide([person]);
    expect(await runsOf(person)).toMatchObject([{ heard: 6 }]);
  });

  it('restarts: the old run ends superseded before the new one starts', async () => {
    const person = await bench.track('dee', 'search');
    await bench.decider.decide([person]);
    await bench.track('dee', 'search');
    await bench.decider.decide([person]);
    expect(await runsOf(person)).toMatchObject([
      { state: 'ended', outcome: 'superseded' },
      { state: 'live', outcome: null },
    ]);
    expect((await deliveriesOf(person)).map((one) => one.kind)).toEqual(['start', 'end', 'start']);
  });

  it('keeps runs of different keys apart and refuses an event without the key', async () => {
    const person = await bench.track('eve', 'begin_checkout', { cart_id: 'c1' });
    await bench.track('eve', 'begin_checkout', { cart_id: 'c2' });
    await bench.track('eve', 'begin_checkout', { cart_id: 'c1' });
    await bench.track('eve', 'begin_checkout', {});
    await bench.decider.decide([person]);
    expect((await runsOf(person)).map((run) => run.workflow_id)).toEqual(['per-cart/eve/c1', 'per-cart/eve/c2']);
    expect((await decisionsOf(person)).map((one) => one.reason)).toEqual([null, null, 'already_running', 'no_key']);
  });

  it('starts nothing from an event that is older than the entry age', async () => {
    const person = await bench.track('old', 'search', {}, { occurredAt: bench.clock.now() - 2 * 3_600_000 });
    await bench.decider.decide([person]);
    expect(await decisionsOf(person)).toMatchObject([{ verdict: 'refused', reason: 'too_old' }]);
  });

  it('applies identify before the next event of the same batch', async () => {
    const person = await bench.track('flo', 'identify', { email: 'flo@example.com' }, { type: 'identify' });
    const rows = bench.store.db.selectFrom('people').select('traits').where('id', '=', person);
    await bench.decider.decide([person]);
    expect((await rows.executeTakeFirstOrThrow()).traits).toEqual({ email: 'flo@example.com' });
  });

  it('gives a run to one of many deciders, once, and leaves nothing pending (P3)', async () => {
    const catalog = catalogOf({ fresh: { on: 'search', entry: { once: 'per 24 hours' } } });
    const deciders = [1, 2, 3, 4].map(() =>
      createDecider({ db: bench.store.db, clock: bench.clock, catalog: () => catalog }),
    );
    const people: string[] = [];
    await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const person = await bench.track(`p3-${n % 10}`, 'search');
        people.push(person);
        await Promise.all(deciders.map((decider) => decider.decide([person])));
      }),
    );
    for (const person of new Set(people)) expect(await runsOf(person)).toHaveLength(1);
    expect(await bench.store.db.selectFrom('pending').select('event_id').execute()).toEqual([]);
  });

  it('sets an absence watch at the event, and moves it at the next', async () => {
    const person = await bench.track('gus', 'login');
    await bench.decider.decide([person]);
    const watch = () =>
      bench.store.db.selectFrom('watches').selectAll().where('person_id', '=', person).executeTakeFirstOrThrow();
    const first = await watch();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await bench.track('gus', 'login');
    await bench.decider.decide([person]);
    expect((await watch()).fires_at.getTime()).toBeGreaterThan(first.fires_at.getTime());
  });
});

describe('who is who', () => {
  it('merges an anonymous person into the user it turns out to be, and keeps the older of two runs', async () => {
    const anonymous = { userId: undefined, anonymousId: 'anon-1' };
    const before = await bench.track('', 'view_item', {}, anonymous);
    await bench.decider.decide([before]);
    const user = await bench.track('hal', 'view_item');
    await bench.decider.decide([user]);
    expect(before).not.toBe(user);
    await bench.track('hal', 'identify', { name: 'Hal' }, { type: 'identify', anonymousId: 'anon-1' });
    await bench.decider.decide([user]);
    const runs = await runsOf(user);
    expect(runs).toMatchObject([{ state: 'live' }, { state: 'ended', outcome: 'superseded' }]);
    expect(await runsOf(before)).toEqual([]);
    // What still comes under the old id is the user's.
    await bench.track('', 'view_item', { late: true }, anonymous);
    await bench.decider.decide([before]);
    const heard = await deliveriesOf(user);
    expect(heard.at(-1)).toMatchObject({ run_id: runs[0]!.id, kind: 'event' });
  });

  it('decides what comes under the old id beside an event that says again who it is', async () => {
    const device = { userId: undefined, anonymousId: 'anon-2' };
    await bench.decider.decide([await bench.track('', 'page', {}, device)]);
    const user = await bench.track('kim', 'login', {}, { anonymousId: 'anon-2' });
    await bench.decider.decide([user]);
    const late = await bench.track('', 'view_item', {}, device);
    // Another device of hers is linked in the same round.
    await bench.track('', 'page', {}, { userId: undefined, anonymousId: 'anon-3' });
    await bench.track('kim', 'login', {}, { anonymousId: 'anon-3' });
    expect(late).not.toBe(user);
    await bench.decider.decide([user]);
    expect(await runsOf(user)).toMatchObject([{ journey: 'digest', state: 'live' }]);
    const left = bench.store.db.selectFrom('pending').selectAll().where('person_id', 'in', [user, late]);
    expect(await left.execute()).toEqual([]);
  });

  it('is said once by a device, and not with every event that it sends', async () => {
    await bench.decider.decide([await bench.track('', 'page', {}, { userId: undefined, anonymousId: 'anon-4' })]);
    const user = await bench.track('lea', 'login', {}, { anonymousId: 'anon-4' });
    const links = () =>
      bench.store.db.selectFrom('pending').select('links').where('person_id', '=', user).executeTakeFirstOrThrow();
    expect(await links()).not.toEqual({ links: null });
    await bench.decider.decide([user]);
    await bench.track('lea', 'page', {}, { anonymousId: 'anon-4' });
    expect(await links()).toEqual({ links: null });
    await bench.decider.decide([user]);
  });

  it('follows an alias also from a device that is known to be the user’s', async () => {
    const before = await bench.track('', 'page', {}, { userId: undefined, anonymousId: 'anon-5' });
    const device = await bench.track('', 'page', {}, { userId: undefined, anonymousId: 'anon-6' });
    const user = await bench.track('mia', 'login', {}, { anonymousId: 'anon-6' });
    await bench.decider.decide([before, device, user]);
    await bench.track('mia', 'alias', {}, { type: 'alias', anonymousId: 'anon-6', previousId: 'anon-5' });
    await bench.decider.decide([user]);
    const people = await bench.store.db.selectFrom('people').selectAll().where('id', 'in', [before, device]).execute();
    expect(people.map((person) => person.merged_into)).toEqual([user, user]);
  });

  it('keeps every no of both, and the yes of neither over it', async () => {
    const consents = createConsents({ db: bench.store.db, clock: bench.clock });
    const device = await bench.track('', 'page', {}, { userId: undefined, anonymousId: 'anon-11' });
    const user = await bench.track('ora', 'page');
    for (const [personId, topic, state] of [
      [device, 'news', 'out'],
      [user, 'news', 'in'],
      [device, 'offers', 'in'],
      [user, 'offers', 'out'],
      [device, '*', 'out'],
    ] as const) {
      await consents.set({ personId, topic, state, source: 'page' });
    }
    await bench.track('ora', 'login', {}, { anonymousId: 'anon-11' });
    await bench.decider.decide([user]);
    expect(await consents.stateOf(user)).toMatchObject(
      ['*', 'news', 'offers'].map((topic) => ({ topic, state: 'out' })),
    );
  });

  it('counts for what came after it, also where somebody was about to decide for the id of before', async () => {
    const { db } = bench.store;
    const user = await bench.track('pia', 'add_to_cart', { value: 80 });
    await bench.track('pia', 'logout');
    const device = { userId: undefined, anonymousId: 'anon-12' };
    const before = await bench.track('', 'page', {}, device);
    await bench.decider.decide([user]);
    let deciding = Promise.resolve(0);
    await db.transaction().execute(async (tx) => {
      await sql`select id from sojourn.people where id = ${before} for no key update`.execute(tx);
      deciding = bench.decider.decide([before]);
      await waitingForLocks(db);
      await bench.track('pia', 'login', {}, { anonymousId: 'anon-12' });
      await bench.track('', 'add_to_cart', { value: 80 }, device);
    });
    await deciding;
    expect(await runsOf(before)).toEqual([]);
    expect(await runsOf(user)).toMatchObject([{ journey: 'reminder', outcome: 'exited' }]);
    expect((await decisionsOf(user)).at(-1)).toMatchObject({ verdict: 'refused', reason: 'entry_limit' });
  });

  it('is followed also when somebody asks by the id of before', async () => {
    const before = await bench.track('', 'page', {}, { userId: undefined, anonymousId: 'anon-7' });
    const user = await bench.track('nia', 'login', {}, { anonymousId: 'anon-7' });
    await bench.decider.decide([before, user]);
    // Of another device, which this very event says to be hers.
    const asked = await bench.track('', 'page', {}, { userId: undefined, anonymousId: 'anon-8' });
    const links = JSON.stringify({ personId: user });
    await bench.store.db.updateTable('pending').set({ links }).where('person_id', '=', asked).execute();
    await bench.decider.decide([before]);
    expect(await bench.store.db.selectFrom('pending').selectAll().where('person_id', '=', asked).execute()).toEqual([]);
  });

  it('never merges two known users who share a device', async () => {
    const one = await bench.track('ivy', 'login', {}, { anonymousId: 'shared' });
    const two = await bench.track('jon', 'login', {}, { anonymousId: 'shared' });
    await bench.decider.decide([one, two]);
    const people = await bench.store.db.selectFrom('people').selectAll().where('id', 'in', [one, two]).execute();
    expect(people.map((person) => person.merged_into)).toEqual([null, null]);
  });
});

describe('what a person may bring', () => {
  it('1,000 events at once, heard by many journeys, are decided', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 10 }, (_, n) => [`many-${n}`, { on: 'search', hears: ['view_item'] }] as const),
    );
    const catalog = catalogOf(many);
    const decider = createDecider({ db: bench.store.db, clock: bench.clock, catalog: () => catalog });
    const person = await bench.track('backlog', 'search');
    await decider.decide([person]);
    await Promise.all(Array.from({ length: 1_000 }, (_, n) => bench.track('backlog', 'view_item', { n })));
    expect(await decider.decide([person])).toBe(1_000);
    expect(await decisionsOf(person)).toHaveLength(10 + 10_000);
  });

  it('traits that would grow beyond the limit stay as they are', async () => {
    const big = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`t${n}`, 'x'.repeat(1_000)]));
    const identify = (traits: Record<string, unknown>) =>
      bench.track('grower', 'identify', traits, { type: 'identify' });
    const person = await identify({ name: 'G' });
    for (let round = 0; round < 4; round++) {
      await identify(Object.fromEntries(Object.entries(big).map(([name, value]) => [`${name}-${round}`, value])));
    }
    await bench.decider.decide([person]);
    const { traits } = await bench.store.db
      .selectFrom('people')
      .select('traits')
      .where('id', '=', person)
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(traits).length).toBeLessThanOrEqual(64 * 1024);
    expect(traits).toMatchObject({ name: 'G', 't0-0': big.t0 });
  });

  it('addresses stay out of what Temporal is told (P10)', async () => {
    const person = await bench.track(
      'zoe@example.com',
      'identify',
      { email: 'zoe@example.com', plan: 'pro', work: ' zoe@example.org', home: { address: '1 Zed Street', floor: 3 } },
      { type: 'identify' },
    );
    await bench.track('zoe@example.com', 'view_item', { email: 'zoe@example.com', n: 1 });
    await bench.track('zoe@example.com', 'view_item', { Phone: '+1 555 0100', n: 2 });
    const items = [{ item_id: 'i', gift_for: 'zoe@example.net', image_url: 'https://shop.example/desk@2x.png' }];
    const guests = ['zoe@example.net', { name: 'Yan', Email: 'yan@example.com' }];
    await bench.track('zoe@example.com', 'view_item', { customer: { email: 'zoe@example.com' }, guests, items, n: 3 });
    await bench.decider.decide([person]);
    const told = JSON.stringify((await deliveriesOf(person)).map((one) => one.payload));
    expect(told).toContain('"plan":"pro"');
    expect(told).not.toMatch(/zoe@example|yan@example|555 0100|Zed Street/);
    for (const kept of ['"floor":3', '"name":"Yan"', 'desk@2x.png']) expect(told).toContain(kept);
    const [run] = await runsOf(person);
    expect(run!.workflow_id).toBe(`digest/p${person}`);
  });

  it('an absence that was reported while the event came starts nothing', async () => {
    const person = await bench.track('back', 'login');
    await bench.decider.decide([person]);
    const since = new Date(bench.clock.now() - 5_000).toISOString();
    await bench.track('back', 'absence_reached', { journey: 'winback', event: 'login', since }, { activity: false });
    await bench.decider.decide([person]);
    expect(await decisionsOf(person)).toMatchObject([{ journey: 'winback', verdict: 'refused', reason: 'came_back' }]);
    const later = new Date(bench.clock.now()).toISOString();
    await bench.track('back', 'absence_reached', { journey: 'winback', event: 'login', since: later });
    await bench.decider.decide([person]);
    expect((await decisionsOf(person)).at(-1)).toMatchObject({ verdict: 'entered' });
  });

  it('so does one that was reported first, and committed after the event was decided', async () => {
    const { db } = bench.store;
    const { rows } = await sql<{ id: string }>`select nextval('sojourn.event_id_seq') as id`.execute(db);
    const since = new Date(bench.clock.now() - 5_000).toISOString();
    const person = await bench.track('quick', 'login');
    await bench.decider.decide([person]);
    await bench.track('quick', 'absence_reached', { journey: 'winback', event: 'login', since }, { activity: false });
    for (const [table, column] of [
      ['events', 'id'],
      ['pending', 'event_id'],
    ] as const) {
      await sql`update ${sql.table(`sojourn.${table}`)} set ${sql.ref(column)} = ${rows[0]!.id} where ${sql.ref(column)} =
        (select max(event_id) from sojourn.message_ids)`.execute(db);
    }
    await bench.decider.decide([person]);
    expect((await decisionsOf(person)).at(-1)).toMatchObject({ journey: 'winback', reason: 'came_back' });
  });
});
