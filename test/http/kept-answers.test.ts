/** Answers that are asked for again and again: made once for all who ask at once, kept for a while, and never a failure. */
import type { KyselyPlugin } from 'kysely';
import { expect, test } from 'vitest';
import { createKeptAnswers } from '../../src/http/kept-answers';
import { freshDatabase } from '../support';
import { openFrontDoor } from './front-door';

function counter() {
  let at = 0;
  let made = 0;
  const kept = createKeptAnswers<number>({ most: 3, now: () => at });
  return {
    get: (key: string, costs = 0) =>
      kept.get(key, async () => {
        await Promise.resolve();
        at += costs;
        return ++made;
      }),
    pass: (ms: number) => (at += ms),
    kept,
  };
}

test('who asks at once gets one answer, and who asks soon the same', async () => {
  const { get, pass } = counter();
  expect(await Promise.all([get('a'), get('a'), get('b')])).toEqual([1, 1, 2]);
  pass(1_999);
  expect(await get('a')).toBe(1);
  pass(1);
  expect(await get('a')).toBe(3);
});

test('what was dear is kept for three times its cost, to a bound', async () => {
  const { get, pass } = counter();
  await get('a', 4_000);
  pass(11_999);
  expect(await get('a')).toBe(1);
  pass(1);
  expect(await get('a', 60_000)).toBe(2);
  pass(30_000);
  expect(await get('a')).toBe(3);
});

test('no more are held than the bound, the newest', async () => {
  const { get } = counter();
  for (const key of ['a', 'b', 'c', 'd']) await get(key);
  expect([await get('d'), await get('b'), await get('a')]).toEqual([4, 2, 5]);
});

test('a failure is told to all who asked, and not kept', async () => {
  const { kept } = counter();
  const away = () => Promise.reject(new Error('the store is away'));
  const both = [kept.get('a', away), kept.get('a', away)];
  for (const one of both) await expect(one).rejects.toThrow('the store is away');
  expect(await kept.get('a', () => Promise.resolve(7))).toBe(7);
});

test('the runs of all journeys are not counted once for each tab', async () => {
  const database = await freshDatabase();
  let counted = 0;
  const count: KyselyPlugin = {
    transformQuery: ({ node }) => {
      if (JSON.stringify(node).includes('null as version, count(*)')) counted++;
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  const door = await openFrontDoor({ database: { ...database, db: database.db.withPlugin(count) } });
  try {
    const tabs = await Promise.all(Array.from({ length: 20 }, () => door.get('/v1/journeys')));
    expect(tabs.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(counted).toBeGreaterThan(0);
    expect(counted).toBeLessThan(20);
  } finally {
    await door.close();
    await database.drop();
  }
});
