/** Who enters, how often, and what a repeated trigger does. */
import * as j from './journeys';
import { at, begin, happens, type Scenario } from './scenario';

export const aboutEntry: Scenario[] = [
  {
    name: 'a repeated trigger is ignored',
    journey: j.sleeps,
    moments: [begin, at('20m', 'item_added', { value: 5 })],
    expected: {
      outcomes: ['completed 1h'],
      trace: ['1h  sleep 1h: done', '1h  send hello: sent'],
      sent: ['1h  hello'],
      refused: ['20m  already_running'],
    },
  },
  {
    name: 'a repeated trigger starts over',
    journey: j.restarts,
    moments: [begin, at('20m', 'item_added', { value: 5 })],
    expected: {
      outcomes: ['superseded 20m: restarted', 'completed 50m'],
      trace: ['20m  sleep 30m: ended', '50m  sleep 30m: done', '50m  send hello: sent'],
      sent: ['50m  hello'],
    },
  },
  {
    name: 'a repeated trigger is heard',
    journey: j.hearsRepeats,
    moments: [begin, at('20m', 'item_added', { value: 5 })],
    expected: { outcomes: ['exited 20m: added 5'], trace: ['20m  waitFor item_added: heard item_added'], sent: [] },
  },
  {
    name: 'a key makes runs distinct within a person',
    journey: j.oneACart,
    moments: [
      at('0m', 'item_added', { value: 1, cart_id: 'c1' }),
      at('10m', 'item_added', { value: 1, cart_id: 'c2' }),
      at('20m', 'item_added', { value: 1, cart_id: 'c1' }),
      at('25m', 'item_added', { value: 1 }),
    ],
    expected: {
      outcomes: ['completed 30m', 'completed 40m'],
      trace: ['30m  sleep 30m: done', '30m  send hello: sent', '40m  sleep 30m: done', '40m  send hello: sent'],
      sent: ['30m  hello', '40m  hello'],
      refused: ['20m  already_running', '25m  no_key'],
    },
  },
  {
    name: 'one enters again after the time that the header names',
    journey: j.oncePerHour,
    moments: [begin, at('30m', 'item_added', { value: 1 }), at('70m', 'item_added', { value: 1 })],
    expected: {
      outcomes: ['completed 5m', 'completed 1h 15m'],
      trace: ['5m  sleep 5m: done', '1h 15m  sleep 5m: done'],
      sent: [],
      refused: ['30m  entry_limit'],
    },
  },
  {
    name: 'one enters once ever',
    journey: j.onceEver,
    moments: [begin, at('30d', 'item_added', { value: 1 })],
    expected: {
      outcomes: ['completed 5m'],
      trace: ['5m  sleep 5m: done'],
      sent: [],
      refused: ['30d  entry_limit'],
    },
  },
  {
    name: 'the same event twice is one event',
    journey: j.oncePerHour,
    moments: [
      happens('0m', { kind: 'event', event: 'item_added', id: 'm1' }),
      happens('2h', { kind: 'event', event: 'item_added', id: 'm1' }),
    ],
    expected: { outcomes: ['completed 5m'], trace: ['5m  sleep 5m: done'], sent: [] },
  },
  {
    name: 'an old trigger starts nothing',
    journey: j.sleeps,
    moments: [happens('0m', { kind: 'event', event: 'item_added', late: '2 hours' })],
    expected: { outcomes: [], trace: [], sent: [], refused: ['0m  too_old'] },
  },
  {
    name: 'a rule that is not met starts nothing until it is',
    journey: j.bigCarts,
    moments: [at('0m', 'add_to_cart', { value: 30 }), at('10m', 'add_to_cart', { value: 30 })],
    expected: {
      outcomes: ['completed 40m'],
      trace: ['40m  idle 30m: reached', '40m  send hello: sent'],
      sent: ['40m  hello'],
      refused: ['0m  rule_not_met'],
    },
  },
  {
    name: "a request's facts stand in for events",
    journey: j.bigCarts,
    moments: [happens('0m', { kind: 'request', journey: 'big-carts', facts: { cartValue: 80 } })],
    expected: {
      outcomes: ['completed 0m'],
      trace: ['0m  idle 30m: reached', '0m  send hello: sent'],
      sent: ['0m  hello'],
    },
  },
  {
    name: "a request whose facts don't meet the rule starts nothing",
    journey: j.bigCarts,
    moments: [happens('0m', { kind: 'request', journey: 'big-carts', facts: { cartValue: 20 } })],
    expected: { outcomes: [], trace: [], sent: [], refused: ['0m  rule_not_met'] },
  },
  {
    name: 'a rule counts the same thing, without a purchase in between',
    journey: j.oftenWithoutBuying,
    moments: [
      at('0m', 'visited', { path: '/desk' }),
      at('10m', 'visited', { path: '/desk' }),
      at('20m', 'visited', { path: '/lamp' }),
      at('30m', 'visited', { path: '/desk' }),
      at('40m', 'bought', {}),
      at('50m', 'visited', { path: '/desk' }),
    ],
    expected: {
      outcomes: ['completed 30m'],
      trace: ['30m  send offer: sent'],
      sent: ['30m  offer'],
      refused: ['0m  rule_not_met', '10m  rule_not_met', '20m  rule_not_met', '50m  rule_not_met'],
    },
  },
  {
    name: 'an absence starts a run; a login puts it off, and ends it',
    journey: j.absentFrom,
    moments: [at('0m', 'login', {}), at('2d', 'login', {}), at('10d', 'login', {})],
    expected: {
      outcomes: ['exited 10d: login', 'completed 20d'],
      trace: [
        '9d  send hello: sent',
        '10d  sleep 3d: ended',
        '17d  send hello: sent',
        '20d  sleep 3d: done',
        '20d  send offer: sent',
      ],
      sent: ['9d  hello', '17d  hello', '20d  offer'],
    },
  },
  {
    name: 'a login that is reported late brings no absence forward',
    journey: j.absentFrom,
    moments: [at('0m', 'login', {}), happens('1h', { kind: 'event', event: 'login', late: '2 days' })],
    expected: {
      outcomes: ['completed 10d'],
      trace: ['7d  send hello: sent', '10d  sleep 3d: done', '10d  send offer: sent'],
      sent: ['7d  hello', '10d  offer'],
    },
  },
];
