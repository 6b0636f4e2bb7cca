/** Sending, asking, experiments, changes and emissions. */
import * as changing from './changing-journeys';
import * as j from './journeys';
import { at, begin, happens, type Scenario } from './scenario';

export const aboutDoing: Scenario[] = [
  {
    name: 'without consent a message is skipped, and no click is waited for',
    journey: j.sendsNews,
    moments: [begin],
    expected: {
      outcomes: ['exited 0m: skipped, not clicked'],
      trace: ['0m  send newsletter: skipped', '0m  waitFor newsletter clicked: not sent', '0m  send receipt: sent'],
      sent: ['0m  receipt'],
    },
  },
  {
    name: 'with consent it is sent',
    journey: j.sendsNews,
    consents: { news: 'in' },
    moments: [begin, at('1h', 'message_clicked', { message: 'newsletter' })],
    expected: {
      outcomes: ['exited 1h: sent, clicked'],
      trace: [
        '0m  send newsletter: sent',
        '1h  waitFor newsletter clicked: heard message_clicked',
        '1h  send receipt: sent',
      ],
      sent: ['0m  newsletter', '1h  receipt'],
    },
  },
  {
    name: 'who unsubscribes during a wait gets nothing more',
    journey: j.sendsLater,
    moments: [begin, happens('5m', { kind: 'choose', state: 'out' })],
    expected: {
      outcomes: ['exited 10m: skipped'],
      trace: ['10m  sleep 10m: done', '10m  send hello: skipped'],
      sent: [],
    },
  },
  {
    name: 'an address that comes in time is used',
    journey: j.sendsLater,
    traits: { email: null },
    moments: [begin, happens('5m', { kind: 'identify', traits: { email: 'ada@example.com' } })],
    expected: {
      outcomes: ['exited 10m: sent'],
      trace: ['10m  sleep 10m: done', '10m  send hello: sent'],
      sent: ['10m  hello'],
    },
  },
  {
    name: 'without an address a message is skipped',
    journey: j.sendsLater,
    traits: { email: null },
    moments: [begin],
    expected: {
      outcomes: ['exited 10m: skipped'],
      trace: ['10m  sleep 10m: done', '10m  send hello: skipped'],
      sent: [],
    },
  },
  {
    name: 'a send that is held goes out when it may',
    journey: j.sendsLater,
    moments: [
      happens('0m', { kind: 'message', message: 'hello', set: 'paused' }),
      begin,
      happens('40m', { kind: 'message', message: 'hello', set: 'running' }),
    ],
    expected: {
      outcomes: ['exited 40m: sent'],
      trace: ['10m  sleep 10m: done', '10m  send hello: held', '40m  send hello: sent'],
      sent: ['40m  hello'],
    },
  },
  {
    name: 'a paused journey holds its sends',
    journey: j.sendsLater,
    moments: [
      begin,
      happens('5m', { kind: 'mode', journey: 'sends-later', set: 'paused' }),
      happens('3h', { kind: 'mode', journey: 'sends-later', set: 'live' }),
    ],
    expected: {
      outcomes: ['exited 3h: sent'],
      trace: ['10m  sleep 10m: done', '10m  send hello: held', '3h  send hello: sent'],
      sent: ['3h  hello'],
    },
  },
  {
    name: 'an exit ends a send that is held',
    journey: j.sendsLater,
    moments: [
      happens('0m', { kind: 'message', message: 'hello', set: 'paused' }),
      begin,
      at('30m', 'left', {}),
      happens('40m', { kind: 'message', message: 'hello', set: 'running' }),
    ],
    expected: {
      outcomes: ['exited 30m: left'],
      trace: ['10m  sleep 10m: done', '10m  send hello: held', '30m  send hello: ended'],
      sent: [],
    },
  },
  {
    name: 'what a provider refuses has failed',
    journey: j.sendsLater,
    moments: [happens('0m', { kind: 'message', message: 'hello', set: 'refused' }), begin],
    expected: {
      outcomes: ['exited 10m: failed'],
      trace: ['10m  sleep 10m: done', '10m  send hello: failed'],
      sent: [],
    },
  },
  {
    name: 'an attempt that nobody knows the end of is uncertain',
    journey: j.sendsLater,
    moments: [happens('0m', { kind: 'message', message: 'hello', set: 'uncertain' }), begin],
    expected: {
      outcomes: ['exited 10m: uncertain'],
      trace: ['10m  sleep 10m: done', '10m  send hello: uncertain'],
      sent: [],
    },
  },
  {
    name: 'caps hold, and end',
    journey: j.sendsMany,
    moments: [begin],
    expected: {
      outcomes: ['completed 1d'],
      trace: [
        '0m  send offer: sent',
        '0m  send offer #2: sent',
        '0m  send offer #3: sent',
        '0m  send offer #4: skipped',
        '0m  send offer #5: skipped',
        '1d  sleep 1d: done',
        '1d  send offer #6: sent',
      ],
      sent: ['0m  offer', '0m  offer', '0m  offer', '1d  offer'],
    },
  },
  {
    name: 'high priority may use the last slot',
    journey: j.sendsManyHigh,
    moments: [begin],
    expected: {
      outcomes: ['completed 0m'],
      trace: [
        '0m  send offer: sent',
        '0m  send offer #2: sent',
        '0m  send offer #3: sent',
        '0m  send offer #4: sent',
        '0m  send offer #5: skipped',
      ],
      sent: ['0m  offer', '0m  offer', '0m  offer', '0m  offer'],
    },
  },
  {
    name: 'a message with a cooldown comes once in that time',
    journey: j.nudges,
    moments: [begin],
    expected: {
      outcomes: ['completed 1d 1h'],
      trace: [
        '0m  send nudge: sent',
        '12h  sleep 12h: done',
        '12h  send nudge #2: skipped',
        '1d 1h  sleep 13h: done',
        '1d 1h  send nudge #3: sent',
      ],
      sent: ['0m  nudge', '1d 1h  nudge'],
    },
  },
  {
    name: 'who is held out goes all the way, and gets nothing',
    journey: j.heldOut,
    moments: [begin],
    expected: {
      outcomes: ['exited 1h: skipped'],
      trace: ['0m  send hello: skipped', '1h  sleep 1h: done'],
      sent: [],
    },
  },
  {
    name: 'in shadow everything happens but the sends',
    journey: j.shadows,
    moments: [begin],
    expected: { outcomes: ['completed 1h'], trace: ['1h  sleep 1h: done', '1h  send hello: skipped'], sent: [] },
  },
  {
    name: 'checks answer from the present',
    journey: j.asks,
    traits: { plan: 'vip' },
    moments: [begin, at('2m', 'visited', { path: '/help' }), at('5m', 'visited', { path: '/home' })],
    expected: {
      outcomes: ['exited 10m: a vip with 1 visits'],
      trace: ['10m  sleep 10m: done', '10m  check visits: {"count":1}', '10m  check is-vip: yes'],
      sent: [],
    },
  },
  {
    name: 'what a check answers is JSON, and null where that has nothing',
    journey: j.asksOddly,
    moments: [begin],
    expected: {
      outcomes: ['exited 0m: [null,null] and string'],
      trace: [
        '0m  check nothing: nothing',
        '0m  check a-function: nothing',
        '0m  check oddities: {"date":"1970-01-01T00:00:00.000Z","number":null,"list":[nu…',
      ],
      sent: [],
    },
  },
  {
    name: 'a check that answers what JSON can not hold fails the run, by name',
    journey: j.asksTheSize,
    moments: [begin],
    expected: {
      outcomes: [
        'failed 0m: activities/the-size.ts: its answer is no JSON (Do not know how to serialize a BigInt). Answer with text, numbers, booleans, null, and lists and objects of these',
      ],
      trace: [],
      sent: [],
    },
  },
  {
    name: 'a check that is asked about what JSON can not hold fails the run',
    journey: j.tellsTheSize,
    moments: [begin],
    expected: { outcomes: ['failed 0m: Do not know how to serialize a BigInt'], trace: [], sent: [] },
  },
  {
    name: 'what PostgreSQL would not keep is replaced in what a run says',
    journey: j.saysWhatIsNotKept,
    moments: [begin],
    expected: {
      outcomes: ['exited 0m: \ufffd\ufffd\ufffd\\u0000👋, and more of it'],
      trace: ['0m  update no\ufffdte: done', '0m  check echo: \ufffd\ufffd\\u0000👋, and more of it'],
      sent: [],
    },
  },
  {
    name: 'an experiment gives this person this variant',
    journey: j.experiments,
    personId: '1',
    moments: [begin],
    expected: {
      outcomes: ['exited 30m: some'],
      trace: ['0m  experiment patience: 30 minutes', '30m  sleep 30m: done', '30m  experiment offer: some'],
      sent: [],
    },
  },
  {
    name: 'an experiment gives that person the other one, again and again',
    journey: j.experiments,
    personId: '4',
    moments: [begin, at('2h', 'item_added', { value: 1 })],
    expected: {
      outcomes: ['exited 15m: some', 'exited 2h 15m: some'],
      trace: [
        '0m  experiment patience: 15 minutes',
        '15m  sleep 15m: done',
        '15m  experiment offer: some',
        '2h  experiment patience: 15 minutes',
        '2h 15m  sleep 15m: done',
        '2h 15m  experiment offer: some',
      ],
      sent: [],
    },
  },
  {
    name: 'an experiment with a weight below zero fails the run, and says which',
    journey: j.weighsWrongly,
    moments: [begin],
    expected: {
      outcomes: [
        "failed 0m: workflows/weighs-wrongly.ts, experiment offer: the weight of 'some' is -10. Give each variant a number of zero or more, and one at least more",
      ],
      trace: [],
      sent: [],
    },
  },
  {
    name: 'a trait that was changed is seen at once',
    journey: changing.updates,
    moments: [begin],
    expected: {
      outcomes: ['exited 0m: is a vip now'],
      trace: ['0m  update plan: done', '0m  check is-vip: yes'],
      sent: [],
    },
  },
  {
    name: 'an address is not set by an update, which Temporal would keep',
    journey: changing.updatesAddress,
    moments: [begin],
    expected: {
      outcomes: [
        "failed 0m: workflows/updates-address.ts, update email: it sets 'email', and Temporal would keep that. Set addresses by identify",
      ],
      trace: [],
      sent: [],
    },
  },
  {
    name: 'an event that is emitted starts another journey; one that is the goal ends the run',
    journey: changing.emits,
    with: [changing.rewards],
    moments: [begin],
    expected: {
      outcomes: ['converted 5m'],
      trace: ['5m  sleep 5m: done', '5m  emit rewarded: done', '5m  emit bought: done'],
      sent: [],
    },
  },
  {
    name: 'what the first verb of a run emits is heard by that run, at once',
    journey: changing.hearsItself,
    moments: [begin],
    expected: {
      outcomes: ['exited 0m: went to /thanks'],
      trace: ['0m  emit visited: done', '0m  waitFor visited: heard visited'],
      sent: [],
    },
  },
];
