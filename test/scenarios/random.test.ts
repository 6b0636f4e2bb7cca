import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Simulated } from '../../src/prove';
import { openOnTemporal, toTheSecond, type OnTemporal } from './on-temporal';
import { randomScenario } from './random';
import { nearly } from './run-scenario';
import { simulated } from './simulated';

/** SCENARIOS_SEED repeats what went another way; SCENARIOS plays more of them. */
const first = Number(process.env['SCENARIOS_SEED'] ?? Math.floor(Math.random() * 1e6));
const seeds = Array.from({ length: Number(process.env['SCENARIOS'] ?? 40) }, (_, n) => first + n);

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
  expect(nearly(courseOf(there), courseOf(here), backend.toleranceMs), here.timeline()).toEqual(courseOf(here));
});

function courseOf({ runs, sent, refused }: Simulated) {
  return {
    runs: runs.map((run) => ({ ...run, trace: run.trace.map(toTheSecond) })),
    sent: sent.map(({ message, channel, props }) => ({ message, channel, props })),
    refused: refused.map(({ event, reason }) => ({ event, reason })),
  };
}
