/** What the guard says of sends that wait, and of those that can't go out. */
import { nudgesLater, sendsWrongly } from './guard-journeys';
import * as j from './journeys';
import { at, begin, happens, type Scenario } from './scenario';

export const aboutTheGuard: Scenario[] = [
  {
    name: 'what is set for another message does not wake a send that is held',
    journey: j.sendsLater,
    moments: [
      happens('0m', { kind: 'message', message: 'hello', set: 'paused' }),
      begin,
      happens('15m', { kind: 'choose', state: 'out' }),
      happens('20m', { kind: 'message', message: 'offer', set: 'paused' }),
      happens('25m', { kind: 'message', message: 'offer', set: 'running' }),
    ],
    expected: {
      outcomes: ['exited 1h 10m: skipped'],
      trace: ['10m  sleep 10m: done', '10m  send hello: held', '1h 10m  send hello: skipped'],
      sent: [],
    },
  },
  {
    name: 'a cooldown counts from when a message that was held went',
    journey: j.nudges,
    with: [nudgesLater],
    moments: [
      at('0m', 'login', {}),
      happens('5m', { kind: 'mode', journey: 'nudges-later', set: 'paused' }),
      at('1h', 'item_added', { value: 80 }),
      happens('1d 90m', { kind: 'mode', journey: 'nudges-later', set: 'live' }),
    ],
    expected: {
      outcomes: ['completed 1d 2h'],
      trace: [
        '1h  send nudge: sent',
        '13h  sleep 12h: done',
        '13h  send nudge #2: skipped',
        '1d 2h  sleep 13h: done',
        '1d 2h  send nudge #3: skipped',
      ],
      sent: ['1h  nudge'],
    },
  },
  {
    name: 'what does not fit a message fails where it might go',
    journey: sendsWrongly,
    moments: [at('0m', 'visited', { path: '/' })],
    expected: {
      outcomes: ['completed 40m'],
      trace: ['0m  send offer: failed', '40m  sleep 40m: done', '40m  send receipt: failed'],
      sent: [],
    },
  },
  {
    name: 'and is skipped where it might not',
    journey: sendsWrongly,
    consents: { tips: 'out' },
    moments: [at('0m', 'visited', { path: '/' }), happens('5m', { kind: 'identify', traits: { email: null } })],
    expected: {
      outcomes: ['completed 40m'],
      trace: ['0m  send offer: skipped', '40m  sleep 40m: done', '40m  send receipt: skipped'],
      sent: [],
    },
  },
];
