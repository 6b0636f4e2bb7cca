import { expect, test, vi } from 'vitest';
import { check } from '../../src/behaviour';
import { createJourney } from '../../src/journey';
import { createSimulate } from '../../src/prove';
import { content } from './content';
import { journeys, type ScenarioTypes } from './journeys';
import { runScenario } from './run-scenario';
import { begin } from './scenario';
import { defaultStart, scenarios } from './scenarios';
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

test('a body has the simulated time in its dates and timers, and whoever waits for the simulation has Node’s', async () => {
  const journey = createJourney<ScenarioTypes>()('dated', { on: 'item_added' }, async (j) => {
    const began = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 3_600_000));
    const [now, then] = [new Date(), new Date(began)];
    const times = [began, Number(now), Date.parse(String(now)), j.now(), now.getTime() - then.getTime()];
    const kinds = [now instanceof Date, Date().startsWith('Mon Jan 05 2026'), new Date(2026, 0).getMonth()];
    console.log('a body may print');
    return j.exit(JSON.stringify([times, kinds]));
  });
  const { setTimeout: given, Date: real } = globalThis;
  const before = real.now();
  const simulating = createSimulate(content)(journey, [begin], { start: defaultStart });
  expect([Date, setTimeout]).toEqual([real, given]);
  expect(new Date().getTime()).toBeGreaterThanOrEqual(before);
  const run = await simulating;
  const start = Date.parse(defaultStart);
  const later = start + 3_600_000;
  expect(run.outcome).toEqual({
    outcome: 'exited',
    at: '1h',
    reason: JSON.stringify([
      [start, later, later, later, 3_600_000],
      [true, true, 0],
    ]),
  });
  expect(Object.getOwnPropertyDescriptor(globalThis, 'Date')).toMatchObject({ value: real, writable: true });
});

test('fake timers that are set up during a simulation are what is there afterwards', async () => {
  const journey = createJourney<ScenarioTypes>()('sleeper', { on: 'item_added' }, (j) => j.sleep('1 hour'));
  const simulating = createSimulate(content)(journey, [begin]);
  vi.useFakeTimers({ now: 1_000, toFake: ['Date'] });
  try {
    expect(Date.now()).toBe(1_000);
    expect(await simulating).toMatchObject({ outcome: { outcome: 'completed', at: '1h' } });
    expect(Date.now()).toBe(1_000);
  } finally {
    vi.useRealTimers();
  }
  expect(Date.now()).toBeGreaterThan(1_000_000);
});

test('what a body throws itself is told as it is', async () => {
  const journey = createJourney<ScenarioTypes>()('thrower', { on: 'item_added' }, async (j) => {
    const known: { env?: { name: string } } = typeof performance === 'undefined' ? {} : { env: { name: 'node' } };
    await j.sleep('1 hour');
    return j.exit(known.env!.name);
  });
  const run = await createSimulate(content)(journey, [begin]);
  expect(run.outcome?.reason).toBe("Cannot read properties of undefined (reading 'name')");
});

test('which of two runs comes first does not hang on how long a check takes', async () => {
  const journey = createJourney<ScenarioTypes>();
  const asks = journey('asks-first', { on: 'item_added' }, async (j) => {
    await j.check('is-vip');
    for (let percent = 1; percent <= 3; percent++) await j.send('offer', { percent });
  });
  const sends = journey('sends-only', { on: 'item_added' }, async (j) => {
    for (let percent = 1; percent <= 3; percent++) await j.send('offer', { percent });
  });
  const traces = [0, 50].map(async (ms) => {
    const isVip = check(async () => {
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
      return true;
    });
    const simulate = createSimulate({ ...content, checks: { ...content.checks, 'is-vip': isVip } });
    return (await simulate(asks, [begin], { with: [sends] })).trace;
  });
  const [quick, slow] = await Promise.all(traces);
  expect(slow).toEqual(quick);
});
