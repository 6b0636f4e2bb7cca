import { expect, test } from 'vitest';
import { journeys } from './journeys';
import { runScenario } from './run-scenario';
import { scenarios } from './scenarios';
import { simulated } from './simulated';

test.for(scenarios)('$name', async (scenario) => {
  await runScenario(scenario, simulated);
});

test('every journey of the scenarios is in the bundle, and in a scenario', () => {
  const used = new Set(
    scenarios.flatMap(({ journey, with: others = [] }) => [journey.id, ...others.map(({ id }) => id)]),
  );
  expect([...used].sort()).toEqual(Object.keys(journeys).sort());
});
