/** The words of a person's timeline: every message says why it went or did not, and nothing is told twice. */
import { describe, expect, test } from 'vitest';
import type { TimelineItem } from '../../src/http/answers';
import { refusalInWords } from '../../src/insight';
import { switchedInWords } from '../../src/pages/words/change-words';
import { readTimeline, reasonsInRun, type Entry } from '../../src/pages/words/timeline';

type Of<K extends TimelineItem['kind']> = Extract<TimelineItem, { kind: K }>;

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 5, 9, minute)).toISOString();
const cart = { run: '7', journey: 'cart-abandonment' };

const event = (minute: number, id: string, name: string, more: Partial<Of<'event'>> = {}): TimelineItem => ({
  ...{ kind: 'event', at: at(minute), id, name, type: 'track', properties: {}, occurredAt: at(minute) },
  ...{ messageId: id, source: 'http', planned: true, ...more },
});
const decision = (minute: number, of: Partial<Of<'decision'>>): TimelineItem => ({
  ...{ kind: 'decision', at: at(minute), number: 1, event: '1', run: '7', journey: 'cart-abandonment' },
  ...{ verdict: 'entered', reason: null, label: null, inputs: null, ...of },
});
const step = (minute: number, name: string, result: string, why: Of<'step'>['why'] = null): Of<'step'> => ({
  ...{ kind: 'step', at: at(minute), ...cart, step: name, label: name, result, why },
});
const message = (minute: number, of: Partial<Of<'message'>> = {}): TimelineItem => ({
  ...{ kind: 'message', at: at(minute), id: `snd_${minute}`, ...cart, message: 'cart-reminder', channel: 'email' },
  ...{ state: 'sent', reason: null, subject: null, settledAt: null, ...of },
});

/** Given oldest first, as one tells it; the API's order is newest first. */
const read = (...items: TimelineItem[]): Entry[] => readTimeline([...items].reverse());
const titles = (entries: Entry[]): string[] => entries.map(({ title }) => title).reverse();
const saysOf = (entries: Entry[], title: string): string | undefined => entries.find((e) => e.title === title)?.says;

describe('of several runs of one journey', () => {
  const keyed = { by: 'cart_id', value: 'c-17' };

  test('an entry has what its run is told apart by, and an event says which of them heard it', () => {
    const long = { by: 'cart_id', value: `${'c'.repeat(100)}7` };
    const entries = read(
      event(0, '1', 'view_item'),
      decision(0, { verdict: 'heard', keyed }),
      decision(0, { number: 2, verdict: 'heard', run: '8', keyed: long }),
      { ...step(30, 'idle 30m', 'reached'), keyed },
    );
    expect(entries.map((entry) => entry.keyed)).toEqual([keyed, undefined]);
    const cut = `${'c'.repeat(20)}…${'c'.repeat(18)}7`;
    expect(saysOf(entries, 'view_item')).toBe(
      `Heard by cart-abandonment (cart_id ${cut}), cart-abandonment (cart_id c-17).`,
    );
  });
});

describe('a message', () => {
  const way = [
    event(0, '1', 'add_to_cart', { properties: { value: 80 } }),
    decision(0, { inputs: { 'cart value': 80, holdout: false } }),
    step(30, 'idle 30m', 'reached', { lastActivity: '0m' }),
    step(30, 'check cart-is-open', 'yes'),
  ];

  test('that went says what led to it, since the run began', () => {
    const entries = read(...way, message(31), step(31, 'send cart-reminder', 'sent'));
    expect(saysOf(entries, 'Sent cart-reminder')).toBe(
      'Sent because add_to_cart came with cart value 80, there was no activity for 30 minutes and cart-is-open answered yes; the guard found nothing against it.',
    );
  });

  test('says only what came after the message before it in its run', () => {
    const entries = read(
      ...way,
      message(31),
      step(31, 'send cart-reminder', 'sent'),
      step(59, 'waitFor cart-reminder clicked', 'expired', { within: '1d' }),
      message(59, { message: 'cart-last-call' }),
    );
    expect(saysOf(entries, 'Sent cart-last-call')).toBe(
      'Sent because cart-reminder was not clicked within 1 day; the guard found nothing against it.',
    );
  });

  test('of a long way says the last things alone', () => {
    const went = (minute: number, done: boolean) =>
      step(minute, 'check onboarding-progress', 'object', { answer: { done, step: minute } });
    const heard = (minute: number) => step(minute, 'waitFor progress', 'heard progress', { at: '1m' });
    const entries = read(
      ...[...way, went(1, false), heard(2), went(2, false), heard(3), went(3, true)],
      ...[message(31), step(31, 'send cart-reminder', 'sent')],
    );
    expect(saysOf(entries, 'Sent cart-reminder')).toBe(
      'Sent because onboarding-progress answered “done false, step 2”, progress came and onboarding-progress answered “done true, step 3”; the guard found nothing against it.',
    );
  });

  test.each([
    ['refused 550 5.7.1', 'Not sent: the mail server refused it for good, with 550 5.7.1.'],
    ['not delivered in 7 days', 'Not sent: not delivered in 7 days.'],
    [null, 'Not sent: the provider refused it.'],
  ])('that failed says why: %s', (reason, says) => {
    expect(saysOf(read(message(31, { state: 'failed', reason })), 'Failed: cart-reminder')).toBe(says);
  });

  test('of another run gives no reason', () => {
    const other = { ...step(20, 'check onboarding-progress', 'yes'), run: '8', journey: 'onboarding' };
    const entries = read(...way, other, message(31));
    expect(saysOf(entries, 'Sent cart-reminder')).not.toContain('onboarding-progress');
  });

  test('whose way lies on an older page names its run', () => {
    expect(saysOf(read(message(31)), 'Sent cart-reminder')).toContain('its run of cart-abandonment came to this step');
  });

  test.each([
    [
      { state: 'skipped', reason: 'capped' } as const,
      { reason: 'capped', sent: 3, mayUse: 3, windowMs: 86_400_000 },
      'Not sent: capped: 3 marketing messages in 1 day, and no more than 3 may go.',
    ],
    [
      { state: 'skipped', reason: 'unsubscribed' } as const,
      { reason: 'unsubscribed', topic: 'reminders' },
      'Not sent: unsubscribed: this person wants no messages of the topic reminders.',
    ],
    [
      { state: 'skipped', reason: 'unreachable' } as const,
      null,
      'Not sent: unreachable: this person has no address on this channel.',
    ],
    [{ state: 'failed', reason: '550 no such user' } as const, null, 'Not sent: 550 no such user.'],
  ])('that did not go says why: %j', (of, why, says) => {
    const entries = read(message(31, of), step(31, 'send cart-reminder', of.state, why));
    expect(entries).toHaveLength(1);
    expect(entries[0]?.says).toBe(says);
  });

  test('and the step that sent it are one entry, with both in its data', () => {
    const entries = read(message(31), step(32, 'send cart-reminder', 'sent'));
    expect(entries).toHaveLength(1);
    expect(entries[0]?.raw).toHaveLength(2);
  });

  test('that is held, and the step that says so, are one entry; once it has gone, that it was held stays told', () => {
    const why = { reason: 'message_paused' };
    const held = step(31, 'send cart-reminder', 'held', why);
    expect(titles(read(message(31, { state: 'held', ...why }), held))).toEqual(['Held back: cart-reminder']);
    expect(titles(read(message(31), held, step(40, 'send cart-reminder', 'sent')))).toEqual([
      'Sent cart-reminder',
      'Held back: cart-reminder',
    ]);
  });

  test('on its way takes no step of an earlier one', () => {
    const earlier = { state: 'skipped', reason: 'capped' } as const;
    const entries = read(
      message(10, earlier),
      step(10, 'send cart-reminder', 'skipped', { reason: 'capped', sent: 4, mayUse: 3, windowMs: 3_600_000 }),
      message(40, { state: 'attempting' }),
    );
    expect(entries.map(({ title }) => title)).toEqual(['Sending cart-reminder', 'Not sent: cart-reminder']);
    expect(entries[1]?.says).toContain('4 marketing messages in 1 hour');
  });

  test('that a run leads to says the same on its own page', () => {
    const steps = [
      step(30, 'idle 30m', 'reached'),
      step(31, 'send cart-reminder', 'sent'),
      step(59, 'waitFor cart-reminder clicked', 'heard message_clicked', { at: '40m' }),
    ].map((one, position) => ({ ...one, position }));
    const run = { id: '7', journey: 'cart-abandonment', trigger: { name: 'add_to_cart' }, steps } as never;
    expect(reasonsInRun(run, { step: 'send cart-reminder', createdAt: at(31) })).toEqual([
      'add_to_cart came',
      'there was no activity for 30 minutes',
    ]);
    expect(reasonsInRun(run, { step: 'send cart-last-call', createdAt: at(59) })).toEqual([
      'cart-reminder was clicked',
    ]);
  });
});

describe('a decision', () => {
  test('to enter is one entry with the start of its run, and names event and inputs', () => {
    const started: TimelineItem = { kind: 'run_started', at: at(0), ...cart, holdout: true, mode: 'live' };
    const entries = read(
      event(0, '1', 'add_to_cart'),
      started,
      decision(0, { inputs: { 'cart value': 80, holdout: true } }),
    );
    expect(titles(entries)).toEqual(['add_to_cart', 'Entered cart-abandonment']);
    expect(entries[0]?.says).toBe(
      'Entered because add_to_cart came, with cart value 80. This person is in the holdout: never messaged, still measured.',
    );
  });

  test.each([
    ['rule_not_met', { 'cart value': 20 }, 'the entry rule did not hold (cart value 20)'],
    ['already_running', { run: '7' }, 'a run was live already (run 7)'],
    ['too_old', { ageMs: 7_200_000, entryMaxAgeMs: 3_600_000 }, 'the event was too old (2 hours; it may be 1 hour)'],
    ['paused', { mode: 'paused' }, 'the journey was paused'],
    ['something_new', null, 'something new'],
  ])('to refuse says why: %s', (reason, inputs, says) => {
    const refused = { verdict: 'refused', run: null, reason, label: refusalInWords(reason), inputs } as const;
    const [entry] = read(event(0, '1', 'add_to_cart'), decision(0, refused));
    expect(entry?.title).toBe('Did not enter cart-abandonment');
    expect(entry?.says).toBe(`Not entered on add_to_cart: ${says}.`);
  });

  test('that a run hears an event is said at the event', () => {
    const entries = read(event(5, '3', 'purchase'), decision(5, { verdict: 'heard', event: '3' }));
    expect(entries).toHaveLength(1);
    expect(entries[0]?.says).toBe('Heard by cart-abandonment.');
  });

  test('about an event that is not on the page stands for itself', () => {
    expect(titles(read(decision(5, { verdict: 'heard', event: '3' })))).toEqual(['cart-abandonment heard the event']);
  });
});

test('the end of a run is told once, with what ended it', () => {
  const ended: TimelineItem = {
    kind: 'run_ended',
    at: at(9),
    ...cart,
    outcome: 'converted',
    reason: 'goal purchase',
    by: null,
  };
  const entries = read(
    event(9, '4', 'purchase'),
    ended,
    decision(9, { verdict: 'ended', event: '4', reason: 'goal purchase' }),
    step(9, 'idle 30m', 'ended', { outcome: 'converted' }),
  );
  expect(titles(entries)).toEqual(['purchase', 'Run of cart-abandonment ended: goal reached']);
  expect(entries[0]?.says).toBe('Reason: goal purchase.');
});

test.each([
  ['stopped by an operator', 'Stopped by On call.'],
  ['asked for by phone', 'Stopped by On call. Reason: asked for by phone.'],
])('who stopped a run is said at its end, and why unless the title has it: %s', (reason, says) => {
  const [entry] = read({ kind: 'run_ended', at: at(9), ...cart, outcome: 'stopped', reason, by: 'On call' });
  expect([entry?.title, entry?.says]).toEqual(['Run of cart-abandonment ended: stopped by an operator', says]);
});

test.each([
  [{ from: 'live', to: 'paused' }, 'Paused'],
  [{ from: 'paused', to: 'live' }, 'Resumed'],
  [{ from: 'paused', to: 'shadow' }, 'Resumed as shadow'],
  [{ from: 'shadow', to: 'live' }, 'Set from shadow to live'],
])('a switch says what was done: %j', (change, did) => expect(switchedInWords(change)).toBe(did));

test.each([
  [
    { url: 'https://shop.example/desks?from=mail', path: '/desks', name: 'Desks', title: 'Desks', search: '' },
    ...['page /desks', 'name Desks.'],
  ],
  [{ url: 'https://shop.example/', path: '/', name: '/', title: 'Halden' }, 'page /', 'title Halden.'],
  [
    { url: 'https://other.example/a', path: '/b', referrer: 'x' },
    'page /b',
    'url https://other.example/a, referrer x.',
  ],
  [{ name: 'Cart' }, 'page Cart', undefined],
  [{}, 'page', undefined],
] as [Record<string, unknown>, string, string | undefined][])(
  'a page is its path, and what differs: %j',
  (properties, title, says) => {
    const [entry] = read(event(0, '1', 'page', { type: 'page', properties }));
    expect([entry?.title, entry?.says]).toEqual([title, says]);
  },
);

test('what is not in the tracking plan says so', () => {
  expect(read(event(0, '1', 'sparkle', { planned: false }))[0]).toMatchObject({
    tone: 'warn',
    note: 'not in the tracking plan',
  });
});

test.each([
  ['page', 'out', 'Unsubscribed from Reminders about your cart', 'Done by the link in a mail.'],
  [
    'one-click',
    'out',
    'Unsubscribed from Reminders about your cart',
    "Done by the mail program's own unsubscribe button.",
  ],
  ['preferences', 'in', 'Subscribed to Reminders about your cart', 'Done on the page to choose what one gets.'],
  ['import', 'in', 'Subscribed to Reminders about your cart', 'Done by import.'],
] as const)('a choice says on what, and where it was made: %s', (source, state, title, says) => {
  const about = { topic: 'reminders', label: 'Reminders about your cart' };
  const [entry] = read({ kind: 'consent', at: at(3), ...about, state, source });
  expect(entry).toMatchObject({ kind: 'consent', title, tone: state === 'out' ? 'bad' : 'good' });
  expect(entry?.says).toContain(says);
});
