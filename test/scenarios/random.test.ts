import path from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { openOnTemporal, type OnTemporal } from './on-temporal';
import { randomScenario, seedsToPlay } from './random';
import { expectSameCourse } from './run-scenario';
import { simulated } from './simulated';

const seeds = seedsToPlay(40);
let temporal: OnTemporal;

beforeAll(async () => {
  const file = path.resolve('test/scenarios/random-journeys.ts');
  const source = (seed: number) => `import { randomJourney } from '${file}';\nexport default randomJourney(${seed});`;
  temporal = await openOnTemporal(Object.fromEntries(seeds.map((seed) => [`random-${seed}`, source(seed)])));
});
afterAll(() => temporal && 'close' in temporal && temporal.close());

test.for(seeds)('a random scenario goes the same way on both clocks, seed %d', async (seed, { skip }) => {
  if ('missing' in temporal) return skip(temporal.missing);
  const { backend } = temporal;
  const scenario = { ...randomScenario(seed), expected: { outcomes: [], trace: [], sent: [] } };
  const [there, here] = [await backend.run(scenario), await simulated.run(scenario)];
  expectSameCourse(there, here, backend.toleranceMs);
});
