/** How runs end. */
import * as j from './journeys';
import { at, begin, happens, type Scenario } from './scenario';

export const aboutEnds: Scenario[] = [
  {
    name: 'an exit event ends a wait',
    journey: j.exitsAndGoal,
    moments: [begin, at('20m', 'left', {})],
    expected: { outcomes: ['exited 20m: left'], trace: ['20m  sleep 1h: ended'], sent: [] },
  },
  {
    name: 'an exit event with other properties ends nothing',
    journey: j.exitsAndGoal,
    moments: [begin, at('20m', 'visited', { path: '/home' }), at('90m', 'visited', { path: '/bye' })],
    expected: {
      outcomes: ['exited 1h 30m: visited'],
      trace: ['1h  sleep 1h: done', '1h  send hello: sent', '1h 30m  sleep 1h #2: ended'],
      sent: ['1h  hello'],
    },
  },
  {
    name: 'what is goal and exit is the goal',
    journey: j.exitsAndGoal,
    moments: [begin, at('20m', 'bought', {})],
    expected: { outcomes: ['converted 20m'], trace: ['20m  sleep 1h: ended'], sent: [] },
  },
  {
    name: 'an event after the end changes nothing',
    journey: j.exitsAndGoal,
    moments: [begin, at('20m', 'left', {}), at('30m', 'bought', {})],
    expected: { outcomes: ['exited 20m: left'], trace: ['20m  sleep 1h: ended'], sent: [] },
  },
  {
    name: 'a body may end the run with a reason',
    journey: j.exitsByItself,
    moments: [begin],
    expected: { outcomes: ['exited 5m: nothing to say'], trace: ['5m  sleep 5m: done'], sent: [] },
  },
  {
    name: 'an exit counts even where it was not returned',
    journey: j.forgetsToReturn,
    moments: [begin],
    expected: { outcomes: ['exited 5m: was not returned'], trace: ['5m  sleep 5m: done'], sent: [] },
  },
  {
    name: 'a verb that nobody awaits does not keep its run',
    journey: j.forgetsToAwait,
    moments: [begin],
    expected: { outcomes: ['completed 10m'], trace: ['10m  sleep 10m: done'], sent: [] },
  },
  {
    name: 'a body that catches everything ends all the same',
    journey: j.catches,
    moments: [begin, at('20m', 'left', {})],
    expected: { outcomes: ['exited 20m: left'], trace: ['20m  sleep 1h: ended'], sent: [] },
  },
  {
    name: 'a body that throws fails its run',
    journey: j.throws,
    moments: [begin],
    expected: { outcomes: ['failed 5m: a mistake in the body'], trace: ['5m  sleep 5m: done'], sent: [] },
  },
  {
    name: 'a bad duration fails the run by name',
    journey: j.badDuration,
    moments: [begin],
    expected: {
      outcomes: [
        "failed 0m: workflows/bad-duration.ts, sleep: '-3 minutes' is not a duration. Write a number above zero and a unit, up to ten years: '30 minutes', '1 day'",
      ],
      trace: [],
      sent: [],
    },
  },
  {
    name: 'an operator who gives no reason is one',
    journey: j.sleeps,
    moments: [begin, happens('20m', { kind: 'stop' })],
    expected: {
      outcomes: ['stopped 20m: ended by an operator'],
      trace: ['20m  sleep 1h: ended'],
      sent: [],
    },
  },
  {
    name: 'an operator stops a run',
    journey: j.sleeps,
    moments: [begin, happens('20m', { kind: 'stop', reason: 'a test' })],
    expected: { outcomes: ['stopped 20m: a test'], trace: ['20m  sleep 1h: ended'], sent: [] },
  },
  {
    name: 'an erasure ends a run',
    journey: j.sleeps,
    moments: [begin, happens('20m', { kind: 'erase' })],
    expected: { outcomes: ['erased 20m'], trace: ['20m  sleep 1h: ended'], sent: [] },
  },
];
