/** Waiting for events. */
import * as j from './journeys';
import { at, begin, happens, type Scenario } from './scenario';

const [one, two] = ['https://shop.example/one', 'https://shop.example/two'];

export const aboutHearing: Scenario[] = [
  {
    name: 'an event is heard, with its properties',
    journey: j.waits,
    moments: [begin, at('20m', 'replied', { answer: 'yes' })],
    expected: { outcomes: ['exited 20m: replied yes'], trace: ['20m  waitFor replied: heard replied'], sent: [] },
  },
  {
    name: 'a wait ends when its time is over',
    journey: j.waits,
    moments: [begin, at('2h', 'replied', { answer: 'yes' })],
    expected: { outcomes: ['exited 1h: no reply'], trace: ['1h  waitFor replied: expired'], sent: [] },
  },
  {
    name: 'what came at the very deadline counts',
    journey: j.waits,
    moments: [begin, at('1h', 'replied', { answer: 'just in time' })],
    expected: {
      outcomes: ['exited 1h: replied just in time'],
      trace: ['1h  waitFor replied: heard replied'],
      sent: [],
    },
  },
  {
    name: 'what is heard comes without addresses, which stay in the store',
    journey: j.waits,
    moments: [begin, at('20m', 'replied', { answer: 'ada@example.com' })],
    expected: {
      outcomes: ['exited 20m: replied undefined'],
      trace: ['20m  waitFor replied: heard replied'],
      sent: [],
    },
  },
  {
    name: 'what came just before the run began does not count',
    journey: j.waits,
    moments: [at('0m', 'replied', { answer: 'too early' }), begin],
    expected: { outcomes: ['exited 1h: no reply'], trace: ['1h  waitFor replied: expired'], sent: [] },
  },
  {
    name: 'a repeated trigger is heard by the run of its own key only',
    journey: j.hearsItsCart,
    moments: [
      at('0m', 'item_added', { value: 1, cart_id: 'c1' }),
      at('10m', 'item_added', { value: 2, cart_id: 'c2' }),
      at('20m', 'item_added', { value: 3, cart_id: 'c2' }),
    ],
    expected: {
      outcomes: ['exited 1h: added nothing', 'exited 20m: added 3'],
      trace: ['1h  waitFor item_added: expired', '20m  waitFor item_added: heard item_added'],
      sent: [],
    },
  },
  {
    name: 'so it is when the keys are addresses, which the runs do not get to see',
    journey: j.hearsItsCart,
    moments: [
      at('0m', 'item_added', { value: 1, cart_id: 'ada@example.com' }),
      at('10m', 'item_added', { value: 2, cart_id: 'ben@example.com' }),
      at('20m', 'item_added', { value: 3, cart_id: 'ben@example.com' }),
    ],
    expected: {
      outcomes: ['exited 1h: added nothing', 'exited 20m: added 3'],
      trace: ['1h  waitFor item_added: expired', '20m  waitFor item_added: heard item_added'],
      sent: [],
    },
  },
  {
    name: 'what came earlier counts, each once and in order',
    journey: j.waitsLate,
    moments: [begin, at('20m', 'replied', { answer: 'a' }), at('30m', 'replied', { answer: 'b' })],
    expected: {
      outcomes: ['exited 1h: a, b'],
      trace: ['1h  sleep 1h: done', '1h  waitFor replied: heard replied', '1h  waitFor replied #2: heard replied'],
      sent: [],
    },
  },
  {
    name: 'an event that was consumed does not count again',
    journey: j.waitsLate,
    moments: [begin, at('20m', 'replied', { answer: 'a' })],
    expected: {
      outcomes: ['exited 1h 10m: a, nothing'],
      trace: ['1h  sleep 1h: done', '1h  waitFor replied: heard replied', '1h 10m  waitFor replied #2: expired'],
      sent: [],
    },
  },
  {
    name: 'since now, what came earlier does not count',
    journey: j.waitsFromNow,
    moments: [begin, at('20m', 'replied', { answer: 'too early' }), at('90m', 'replied', { answer: 'now' })],
    expected: {
      outcomes: ['exited 1h 30m: replied now'],
      trace: ['1h  sleep 1h: done', '1h 30m  waitFor replied: heard replied'],
      sent: [],
    },
  },
  {
    name: 'since now, a wait for what came earlier ends empty',
    journey: j.waitsFromNow,
    moments: [begin, at('20m', 'replied', { answer: 'too early' })],
    expected: {
      outcomes: ['exited 2h: no reply'],
      trace: ['1h  sleep 1h: done', '2h  waitFor replied: expired'],
      sent: [],
    },
  },
  {
    name: 'an event with other properties is not the one',
    journey: j.waitsForYes,
    moments: [begin, at('10m', 'replied', { answer: 'no' }), at('20m', 'replied', { answer: 'yes' })],
    expected: { outcomes: ['exited 20m: yes'], trace: ['20m  waitFor replied: heard replied'], sent: [] },
  },
  {
    name: 'of several events the first one counts',
    journey: j.races,
    moments: [
      begin,
      at('10m', 'visited', { path: '/home' }),
      at('20m', 'visited', { path: '/help' }),
      at('30m', 'replied', { answer: 'late' }),
    ],
    expected: {
      outcomes: ['exited 20m: went to /help'],
      trace: ['20m  waitFor replied, visited: heard visited'],
      sent: [],
    },
  },
  {
    name: 'none of several events came',
    journey: j.races,
    moments: [begin, at('10m', 'left', {})],
    expected: { outcomes: ['exited 1h: neither'], trace: ['1h  waitFor replied, visited: expired'], sent: [] },
  },
  {
    name: 'a click on the message meant, and not on another',
    journey: j.waitsForClick,
    moments: [
      begin,
      at('1h', 'message_clicked', { message: 'hello' }),
      at('2h', 'message_clicked', { message: 'offer' }),
    ],
    expected: {
      outcomes: ['exited 2h: clicked, message_clicked'],
      trace: [
        '0m  send hello: sent',
        '0m  send offer: sent',
        '2h  waitFor offer clicked: heard message_clicked',
        '2h  waitFor hello opened, hello clicked: heard message_clicked',
      ],
      sent: ['0m  hello', '0m  offer'],
    },
  },
  {
    name: 'a link that is clicked again counts once, and another link of the message too',
    journey: j.waitsForClicks,
    moments: [begin, ...[one, one, two].map((url, n) => at(`${n + 1}h`, 'message_clicked', { message: 'hello', url }))],
    expected: {
      outcomes: [`exited 3h: ${one}, ${two}`],
      trace: [
        '0m  send hello: sent',
        '1h  waitFor hello clicked: heard message_clicked',
        '3h  waitFor hello clicked #2: heard message_clicked',
      ],
      sent: ['0m  hello'],
    },
  },
  {
    name: 'nobody clicks a message that has not gone out',
    journey: j.endsByClick,
    moments: [
      happens('0m', { kind: 'message', message: 'hello', set: 'refused' }),
      begin,
      at('1h', 'message_clicked', { message: 'hello' }),
    ],
    expected: {
      outcomes: ['completed 1d'],
      trace: ['0m  send hello: failed', '1d  sleep 1d: done'],
      sent: [],
    },
  },
  {
    name: 'a loop numbers its waits',
    journey: j.counts,
    moments: [begin, at('5m', 'visited', { path: '/a' }), at('6m', 'visited', { path: '/b' })],
    expected: {
      outcomes: ['exited 16m: 1 were missing'],
      trace: [
        '5m  waitFor visited: heard visited',
        '6m  waitFor visited #2: heard visited',
        '16m  waitFor visited #3: expired',
      ],
      sent: [],
    },
  },
];
