/** How far a visitor has come, as the guide tells it from what the API answers. */
import { describe, expect, test } from 'vitest';
import { progressOf, type Seen } from '../../src/demo/progress';
import { reminderWords, untilWords } from '../../src/demo/shop/guide/guide-words';

const minute = 60_000;
const start = Date.parse('2026-01-01T12:00:00Z');
const at = (minutes: number) => new Date(start + minutes * minute).toISOString();

const event = (minutes: number, name: string, properties = {}) => ({
  ...{ at: at(minutes), kind: 'event', occurredAt: at(minutes), properties, source: 'browser' },
  ...(name === 'page' ? { name, type: 'page' } : { name, type: 'track' }),
});
const desk = { currency: 'EUR', value: 489, items: [{ item_id: 'oak-desk', price: 489, quantity: 1 }] };
const step = (minutes: number, name: string, result: string) => ({
  ...{ at: at(minutes), kind: 'step', run: '1', journey: 'cart-abandonment', step: name, result, why: null },
});
const message = (state: string, reason: string | null = null) => ({
  ...{ at: at(30), kind: 'message', run: '1', id: 'snd_1', message: 'cart-reminder', state, reason },
});
const run = {
  id: '1',
  journey: 'cart-abandonment',
  state: 'live' as const,
  outcome: null,
  reason: null,
  temporal: 'http://t/1',
  waiting: null,
};
const line = { id: 9, at: 5, stackAt: at(31), subject: 'Ada, your cart is waiting' };
const mail = { ...line, messageId: '<snd_1@shop.example>' };

/** The timeline is given oldest first, to be read as it happened. */
function progress(happened: Seen['timeline'], more: Partial<Seen> = {}) {
  return progressOf({ timeline: happened.toReversed(), runs: [run], mails: [], now: start, timeScale: 60, ...more });
}

describe('the reminder', () => {
  test('is none before anything happened', () => {
    expect(progress([], { runs: [] })).toEqual({
      cart: null,
      reminder: { state: 'none' },
      temporalRun: null,
      code: null,
      mails: [],
    });
  });

  test('is due when nobody has done anything for as long as the run waits, on the wall’s clock', () => {
    const { cart, reminder, temporalRun } = progress(
      [event(0, 'add_to_cart', desk), step(0.1, 'experiment cart-patience', '30 minutes'), event(5, 'page')],
      { now: start + 10 * minute },
    );
    expect(cart).toEqual({ value: 489, count: 1, currency: 'EUR' });
    // Active at 5, due at 35, now 10: 25 of the stack's minutes are 25 seconds.
    expect(reminder).toEqual({ state: 'waiting', patience: '30 minutes', dueInMs: 25_000 });
    expect(temporalRun).toBe('http://t/1');
  });

  test('waits for as long in the line of its code as in the guide’s words', () => {
    const code = { file: 'workflows/cart-abandonment.ts', source: 'await j.idle(patience);' };
    const waiting = { step: 'idle 30m', until: at(30) };
    const happened = [event(0, 'add_to_cart', desk), step(0.1, 'experiment cart-patience', '30 minutes')];
    const line = (...more: Seen['timeline']) =>
      progress([...happened, ...more], { runs: [{ ...run, waiting }], code, now: start + 10 * minute }).code?.lines[0];
    expect(line()?.mark).toEqual({ state: 'now', says: 'waits', dueInMs: 20_000 });
    expect(line(event(5, 'page'))?.mark?.dueInMs).toBe(25_000);
    expect(line(message('sent'))?.mark?.dueInMs).toBe(20_000);
  });

  test('is not put off by what a mail reports', () => {
    const clicked = { ...event(8, 'message_clicked'), source: 'message' };
    const happened = [event(0, 'add_to_cart', desk), step(0.1, 'experiment cart-patience', '15 minutes'), clicked];
    expect(progress(happened).reminder).toMatchObject({ dueInMs: 15_000 });
  });

  test('waits for an unknown time until the run has chosen, and for none once it is over', () => {
    expect(progress([event(0, 'add_to_cart', desk)]).reminder).toEqual({
      state: 'waiting',
      patience: null,
      dueInMs: null,
    });
    const late = [event(0, 'add_to_cart', desk), step(0, 'experiment cart-patience', '15 minutes')];
    expect(progress(late, { now: start + 60 * minute }).reminder).toMatchObject({ dueInMs: 0 });
    expect(progress([...late, step(15, 'idle 15m', 'reached')]).reminder).toEqual({ state: 'sending' });
    expect(progress([...late, message('attempting')]).reminder).toEqual({ state: 'sending' });
  });

  test('is the mail in the inbox that has its send’s id', () => {
    const other = { ...mail, id: 8, messageId: '<snd_2@shop.example>' };
    const sent = progress([message('sent')], { mails: [other, mail] });
    expect(sent.reminder).toEqual({ state: 'sent', mail: line });
    expect(progress([message('delivered')], { mails: undefined })).toMatchObject({
      reminder: { state: 'sent', mail: null },
      mails: null,
    });
  });

  test('says why it was not sent, or why the journey did not begin', () => {
    expect(progress([message('skipped', 'unsubscribed')]).reminder).toEqual({
      state: 'not_sent',
      reason: 'unsubscribed',
    });
    const bought = { ...run, state: 'ended' as const, outcome: 'converted', reason: 'goal purchase' };
    expect(progress([event(0, 'purchase')], { runs: [bought] })).toMatchObject({
      cart: null,
      reminder: { state: 'not_sent', reason: 'goal purchase' },
    });
    const refused = {
      at: at(0),
      kind: 'decision',
      journey: 'cart-abandonment',
      verdict: 'refused',
      reason: 'rule_not_met',
      run: null,
      inputs: { 'cart value': 35 },
    };
    expect(progress([refused], { runs: [] }).reminder).toEqual({ state: 'refused', reason: 'rule_not_met' });
  });

  test('passes over what has another shape', () => {
    expect(
      progress([
        { at: at(0), kind: 'event' },
        { at: at(0), kind: 'unheard-of' },
      ]).reminder.state,
    ).toBe('waiting');
  });
});

describe('its words', () => {
  test('name the reason as people say it', () => {
    expect(reminderWords({ state: 'not_sent', reason: 'goal purchase' }, null)).toMatch('you bought what was in it');
    expect(reminderWords({ state: 'refused', reason: 'something_new' }, null)).toMatch('something new');
    expect([untilWords(29_100), untilWords(1_436_000)]).toEqual(['30 seconds', '24 minutes']);
    expect(reminderWords({ state: 'waiting', patience: '15 minutes', dueInMs: 1 }, 0)).toBe('Any moment now.');
  });
});
