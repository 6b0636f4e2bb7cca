/** Steps and refusals in words. */
import { expect, test } from 'vitest';
import { refusalInWords, stepInWords } from '../../src/insight';

test.each([
  ['idle 30m', 'waits for 30 minutes without activity'],
  ['idle 30m of login, page', 'waits for 30 minutes without login or page'],
  ['sleep 1d 2h', 'waits 1 day 2 hours'],
  ['sleepUntil 2h before 2026-05-04', 'waits until 2 hours before 2026-05-04'],
  ['sleepUntil 09:00 on monday', 'waits until 09:00 on monday'],
  ['waitFor cart-reminder clicked', 'waits for cart-reminder to be clicked'],
  ['waitFor step_done, all_done #2', 'waits for step_done or all_done (2nd time)'],
  ['check cart-is-open', 'checks cart is open'],
  ['send cart-reminder #2', 'sends cart reminder (2nd time)'],
  ['send cart-reminder #11', 'sends cart reminder (11th time)'],
  ['experiment cart-offer', 'draws a variant of cart offer'],
  ['hear', 'hears no further events'],
  ['constructor of things', 'constructor of things'],
  ['', ''],
])('%j reads %j', (step, words) => {
  expect(stepInWords(step)).toBe(words);
});

test('every refusal of decide has words, and an unknown one stays readable', () => {
  expect(refusalInWords('rule_not_met')).toBe('the entry rule did not hold');
  expect(refusalInWords('some_new_reason')).toBe('some new reason');
  expect(refusalInWords('toString')).toBe('toString');
});
