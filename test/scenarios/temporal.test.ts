import path from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { journeys } from './journeys';
import { openOnTemporal, type OnTemporal } from './on-temporal';
import { expectSameCourse, runScenario } from './run-scenario';
import { scenarios } from './scenarios';
import { simulated } from './simulated';

let temporal: OnTemporal;

beforeAll(async () => {
  const file = path.resolve('test/scenarios/journeys.ts');
  const source = (id: string) => `import { journeys } from '${file}';\nexport default journeys['${id}'];`;
  temporal = await openOnTemporal(Object.fromEntries(Object.keys(journeys).map((id) => [id, source(id)])));
});
afterAll(() => temporal && 'close' in temporal && temporal.close());

test.for(scenarios)('$name', async (scenario, { skip }) => {
  if ('missing' in temporal) return skip(temporal.missing);
  const { backend } = temporal;
  const [there, here] = [await runScenario(scenario, backend), await simulated.run(scenario)];
  expectSameCourse(there, here, backend.toleranceMs);
});
