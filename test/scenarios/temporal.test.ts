import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '../../src/journey';
import { type TracedStep, parseAt, resultOf } from '../../src/prove';
import { timeSkippingServer } from '../support';
import { bundleOf } from '../temporal/rig';
import { content } from './content';
import { journeys } from './journeys';
import { type Backend, expectSameTrace, runScenario } from './run-scenario';
import { defaultStart, scenarios } from './scenarios';
import { simulated } from './simulated';
import { type TimeSkipping, openTimeSkipping } from './time-skipping';

let server: TimeSkipping | undefined;
let missing: string | undefined;

/** Scenarios on a Temporal server that skips time. */
const temporal: Backend = {
  // A step that is settled just before a full second on one clock may be just after it on the other.
  toleranceMs: 1_000,
  async run(scenario) {
    const { journey, with: others = [], moments, traits, consents = {}, personId } = scenario;
    const start = Date.parse(scenario.start ?? defaultStart);
    const world = await server?.run(
      { journeys: [journey, ...others], content, start },
      {
        until: 730 * day,
        prepare: (world) => {
          const person = world.person('somebody', {
            id: personId,
            traits: { email: 'somebody@example.com', ...traits },
          });
          for (const [topic, state] of Object.entries(consents)) world.happen(person, { kind: 'choose', topic, state });
          return moments.map(({ at, userId, happening }) => ({
            at: parseAt(at),
            happening,
            person:
              userId === undefined ? person : world.person(userId, { traits: { email: `${userId}@example.com` } }),
          }));
        },
      },
    );
    if (!world) throw new Error('The server was not opened.');
    return resultOf(world, journey.id, start);
  },
};

beforeAll(async () => {
  const found = await timeSkippingServer();
  if ('reason' in found) {
    missing = found.reason;
    return;
  }
  const file = path.resolve('test/scenarios/journeys.ts');
  const source = (id: string) => `import { journeys } from '${file}';\nexport default journeys['${id}'];`;
  const bundle = await bundleOf(Object.fromEntries(Object.keys(journeys).map((id) => [id, source(id)])));
  server = await openTimeSkipping(found, bundle);
});
afterAll(() => server?.close());

test.for(scenarios)('$name', async (scenario, { skip }) => {
  skip(missing !== undefined, missing);
  const [there, here] = [await runScenario(scenario, temporal), await simulated.run(scenario)];
  expectSameTrace(there.trace.map(toTheSecond), here.trace.map(toTheSecond), temporal.toleranceMs);
  expect(there.sent.map(({ message, channel, props }) => ({ message, channel, props }))).toEqual(
    here.sent.map(({ message, channel, props }) => ({ message, channel, props })),
  );
});

/** Reasons that hold a time in milliseconds since 1970 are as near as the trace's own times. */
function toTheSecond(step: TracedStep): TracedStep {
  const round = (value: unknown) => (typeof value === 'number' && value > 1e12 ? Math.round(value / 1_000) : value);
  const why = Object.entries(step.why ?? {}).map(([name, value]) => [name, round(value)] as const);
  return { ...step, ...(step.why && { why: Object.fromEntries(why) }) };
}
