/** What a body finds around it besides `j`. */
import { lackingGlobals } from '../../src/journey';
import * as j from './sandbox-journeys';
import { at, begin, type Scenario } from './scenario';

/** The simulator has a `process` of which nearly nothing is there. */
const names = lackingGlobals.filter((name) => name !== 'process');

export const aboutSandbox: Scenario[] = [
  {
    name: 'a body has none of what Node has, and whatever answers its checks has all',
    journey: j.looksAround,
    traits: { names },
    moments: [begin],
    expected: {
      outcomes: [`exited 0m: found none of ${names.length}`],
      trace: ['0m  check node-has: yes'],
      sent: [],
    },
  },
  ...[
    { value: 80, name: 'settings', reason: 'process is not defined' },
    { value: 120, name: 'another server', reason: 'fetch is not defined' },
  ].map(({ value, name, reason }) => ({
    name: `a body that asks Node for ${name} fails its run`,
    journey: j.reachesOut,
    moments: [at('0m', 'item_added', { value })],
    expected: { outcomes: [`failed 10m: ${reason}`], trace: ['10m  sleep 10m: done'], sent: [] },
  })),
  {
    name: 'of the process a body has what the bundler leaves of it',
    journey: j.asksTheBundler,
    moments: [begin],
    expected: { outcomes: ['exited 10m: development'], trace: ['10m  sleep 10m: done'], sent: [] },
  },
  {
    name: 'a body that looks at all settings fails its run',
    journey: j.readsSettings,
    moments: [begin],
    expected: { outcomes: ['failed 10m: process is not defined'], trace: ['10m  sleep 10m: done'], sent: [] },
  },
  {
    name: "a body's own timers and dates go by the run's time",
    journey: j.usesTimers,
    moments: [begin],
    expected: { outcomes: ['exited 10m: waited 1'], trace: ['10m  sleep 10m: done'], sent: [] },
  },
];
