/** All promises at once, under random trouble. A violation prints its seed; `npm run torture` does the same for longer. */
import { expect, it } from 'vitest';
import { torture } from './torture';

it('whatever is killed, hung, switched off and meddled with at once, what was promised holds', async () => {
  const seed = Number(process.env.TORTURE_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const { violations, stories, counts } = await torture({
    seed,
    seconds: 25,
    deploys: 2,
    people: 14,
    pace: { everyMs: 15_000, longHangs: false },
    calmWithinMs: 400_000,
    log: (line) => console.log(line),
  });
  expect(violations, `Seed ${seed}\n${stories.join('\n')}`).toEqual([]);
  // There was something to see.
  for (const what of ['runs', 'heard', 'sent', 'troubles', 'merged', 'stops', 'runs after a deploy']) {
    expect(counts[what], `Seed ${seed}: ${what}`).toBeGreaterThan(0);
  }
}, 900_000);
