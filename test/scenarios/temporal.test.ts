import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { journeys } from './journeys';
import { openOnTemporal, toTheSecond, type OnTemporal } from './on-temporal';
import { expectSameTrace, runScenario } from './run-scenario';
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
  expectSameTrace(there.trace.map(toTheSecond), here.trace.map(toTheSecond), backend.toleranceMs);
  expect(there.sent.map(({ message, channel, props }) => ({ message, channel, props }))).toEqual(
    here.sent.map(({ message, channel, props }) => ({ message, channel, props })),
  );
});
