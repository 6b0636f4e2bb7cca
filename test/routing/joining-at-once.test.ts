/** Users who are joined while events of theirs come, in a row, late, and by several processes at once. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/db';
import { createDecider, createRouter } from '../../src/routing';
import { waitingForLocks } from '../support';
import { joining, journeys } from './joining';
import { catalogOf, routingBench, type RoutingBench } from './support';

let bench: RoutingBench;
const { track, decide, alias, person, runsOf, pending } = joining(() => bench);
beforeAll(async () => {
  bench = await routingBench(journeys);
});
afterAll(() => bench?.close());

it('what comes right after several joined in a row ends the run of the last, whoever of them is asked for', async () => {
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

it('what comes after an alias is decided after it, however late that is seen', async () => {
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
