/** Sleeping, mornings, dates, idleness. */
import * as j from './journeys';
import { at, begin, mondayAtSeven, saturdayBeforeSummer, type Scenario } from './scenario';

export const aboutTime: Scenario[] = [
  {
    name: 'sleeps, then sends',
    journey: j.sleeps,
    moments: [begin],
    expected: {
      outcomes: ['completed 1h'],
      trace: ['1h  sleep 1h: done', '1h  send hello: sent'],
      sent: ['1h  hello'],
    },
  },
  {
    name: 'equal steps are numbered',
    journey: j.sleepsTwice,
    moments: [begin],
    expected: {
      outcomes: ['completed 2d 20m'],
      trace: ['10m  sleep 10m: done', '20m  sleep 10m #2: done', '2d 20m  sleep 2d: done'],
      sent: [],
    },
  },
  {
    name: "sleeps until the person's morning, where they live",
    journey: j.inTheMorning,
    traits: { timezone: 'America/New_York' },
    start: mondayAtSeven,
    moments: [begin],
    expected: {
      outcomes: ['completed 7d 16h 30m'],
      // Seven in UTC is two at night in New York.
      trace: [
        '7h  sleepUntil 09:00: done',
        '1d 7h  sleepUntil 09:00 #2: done',
        '7d 16h 30m  sleepUntil 18:30 on monday: done',
      ],
      sent: [],
    },
  },
  {
    name: 'sleeps until the morning in UTC when no zone is known',
    journey: j.inTheMorning,
    traits: { timezone: 'Atlantis/Capital' },
    start: mondayAtSeven,
    moments: [begin],
    expected: {
      outcomes: ['completed 7d 11h 30m'],
      trace: [
        '2h  sleepUntil 09:00: done',
        '1d 2h  sleepUntil 09:00 #2: done',
        '7d 11h 30m  sleepUntil 18:30 on monday: done',
      ],
      sent: [],
    },
  },
  {
    name: 'the morning stays the morning over a change of the clocks',
    journey: j.inTheMorning,
    traits: { timezone: 'Europe/Berlin' },
    start: saturdayBeforeSummer,
    moments: [begin],
    expected: {
      outcomes: ['completed 2d 9h 30m'],
      // Saturday at seven in UTC is eight in Berlin; on Sunday nine o'clock comes an hour sooner.
      trace: [
        '1h  sleepUntil 09:00: done',
        '1d  sleepUntil 09:00 #2: done',
        '2d 9h 30m  sleepUntil 18:30 on monday: done',
      ],
      sent: [],
    },
  },
  {
    name: 'sleeps until before a date; one that has passed is no wait',
    journey: j.beforeDate,
    moments: [begin],
    expected: {
      outcomes: ['exited 7d: the day has come'],
      trace: ['7d  sleepUntil 3d before 2026-01-15: done', '7d  sleepUntil 4d before 2026-01-15: passed already'],
      sent: [],
    },
  },
  {
    name: 'idle is reached after the last activity',
    journey: j.idles,
    moments: [begin, at('20m', 'visited', { path: '/a' }), at('45m', 'visited', { path: '/b' })],
    expected: {
      outcomes: ['completed 1h 15m'],
      trace: ['1h 15m  idle 30m: reached', '1h 15m  send hello: sent'],
      sent: ['1h 15m  hello'],
    },
  },
  {
    name: 'idle of some events is not put off by others',
    journey: j.idlesOfVisits,
    moments: [at('0m', 'visited', { path: '/a' }), at('10m', 'item_added', { value: 80 }), at('35m', 'login', {})],
    expected: {
      outcomes: ['completed 30m'],
      trace: ['30m  idle 30m of visited: reached', '30m  send hello: sent'],
      sent: ['30m  hello'],
    },
  },
  {
    name: 'idle is over at once for who has been idle already',
    journey: j.idlesAfterSleep,
    moments: [begin, at('30m', 'visited', { path: '/a' })],
    expected: {
      outcomes: ['completed 2h'],
      trace: ['2h  sleep 2h: done', '2h  idle 1h: reached', '2h  send hello: sent'],
      sent: ['2h  hello'],
    },
  },
];
