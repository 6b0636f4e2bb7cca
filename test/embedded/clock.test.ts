import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClock, loadClock } from '../../src/clock';
import { freshDatabase, type FreshDatabase } from '../support';

test('the stack’s time runs as many times faster as its scale says', () => {
  let wall = 1_000_000;
  const clock = createClock({ epoch: 1_000_000, scale: 60 }, () => wall);
  expect(clock.now()).toBe(1_000_000);
  wall += 1_000;
  expect(clock.now()).toBe(1_060_000);
  expect(clock.wallMs(30 * 60_000)).toBe(30_000);
});

test('at scale 1 it is the wall’s', () => {
  expect(createClock({ epoch: 5, scale: 1 }, () => 1234).now()).toBe(1234);
});

describe('a store’s clock', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());

  test('is made once, also by processes that start at once, and goes on after a restart', async () => {
    const wall = [10_000, 20_000, 30_000].map((now) => () => now);
    const [a, b] = await Promise.all(wall.slice(0, 2).map((now) => loadClock(database.db, 60, now)));
    expect(b?.epoch).toBe(a?.epoch);
    const later = await loadClock(database.db, 60, wall[2]);
    expect(later.epoch).toBe(a?.epoch);
    expect(later.now()).toBe(later.epoch + (30_000 - later.epoch) * 60);
  });

  test('refuses another scale in one line that says what to do', async () => {
    await expect(loadClock(database.db, 1)).rejects.toThrow(
      'SOJOURN_TIME_SCALE: this data was made with time scale 60, this start asks for 1. ' +
        'Start with SOJOURN_TIME_SCALE=60, or name another folder in SOJOURN_DATA.',
    );
  });
});
