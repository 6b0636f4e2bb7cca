/** A person's page answers first: did they get it, and if not, why. */
import { describe, expect, test } from 'vitest';
import type { JourneySummary, MessageSummary, RunSummary, TimelineItem } from '../../src/http/answers';
import { inShort, type Answer, type Known } from '../../src/pages/words/in-short';
import { readTimeline } from '../../src/pages/words/timeline';

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 5, 9, minute)).toISOString();

const journey = (id: string, ...says: string[]): JourneySummary => ({
  ...{ id, mode: 'live', modeChange: null, says, versions: [], header: {} as JourneySummary['header'] },
  counts: { entered: 0, live: 0, outcomes: {} },
  results: { messaged: { entered: 0, live: 0, outcomes: {} }, holdout: { entered: 0, live: 0, outcomes: {} } },
});
const run = (of: Partial<RunSummary> = {}): RunSummary => ({
  ...{
    id: '7',
    journey: 'cart-abandonment',
    person: 'ada',
    key: '',
    keyed: null,
    workflowId: 'w',
    temporalRunId: null,
    number: 1,
  },
  ...{ state: 'live', outcome: null, reason: null, holdout: false, mode: 'live', version: null, heard: 0 },
  ...{ waiting: null, startedAt: at(0), endedAt: null, temporal: null, ...of },
});
const ended = (outcome: RunSummary['outcome'], reason: string | null = null): RunSummary =>
  run({ state: 'ended', outcome, reason, endedAt: at(20) });
const message = (of: Partial<MessageSummary> = {}): MessageSummary => ({
  ...{ id: 'snd_1', message: 'cart-reminder', channel: 'email', topic: 'reminders', kind: 'marketing', state: 'sent' },
  ...{ reason: null, journey: 'cart-abandonment', step: 'send cart-reminder', runId: '7', person: 'ada' },
  ...{ address: null, subject: null, attempts: 1, provider: null, providerId: null, createdAt: at(10) },
  ...{ attemptedAt: null, settledAt: null, ...of },
});
const refusal = (minute: number, reason: string): TimelineItem => ({
  ...{ kind: 'decision', at: at(minute), number: minute, event: '9', run: null, journey: 'cart-abandonment' },
  ...{ verdict: 'refused', reason, label: 'the rule was not met', inputs: null },
});

function answers(known: Partial<Omit<Known, 'entries'>>): Answer[] {
  const items = known.items ?? [];
  return inShort({
    journeys: [],
    runs: [],
    messages: [],
    further: false,
    ...known,
    items,
    entries: readTimeline(items),
  });
}
const answer = (known: Partial<Omit<Known, 'entries'>>): Answer => answers(known)[0]!;

describe('a journey is answered', () => {
  test('by the newest of its runs, and says which it is where there may be several', () => {
    const keyed = { by: 'cart_id', value: 'c-18' };
    const runs = [run({ id: '8', keyed }), run()];
    expect(answer({ runs })).toMatchObject({ keyed });
    expect(answer({ runs, messages: [message({ runId: '8' })] })).toMatchObject({ keyed });
    expect(answer({ runs: [run({ ...ended('completed'), keyed })] })).toMatchObject({ keyed });
    expect(answer({ runs: [run()] }).keyed).toBeUndefined();
  });

  test('by the message that was not sent, with the reason', () => {
    const told = answer({ runs: [run()], messages: [message({ state: 'skipped', reason: 'unsubscribed' })] });
    expect(told).toMatchObject({ chip: ['not sent', 'quiet'], message: { id: 'snd_1', name: 'cart-reminder' } });
    expect(told.says).toBe('Not sent: unsubscribed: this person wants no messages.');
  });

  test('by the figures that decided, once the timeline has them', () => {
    const skipped = { state: 'skipped', reason: 'capped' } as const;
    const why = { reason: 'capped', sent: 3, mayUse: 3, windowMs: 86_400_000 };
    const { says } = answer({
      runs: [run()],
      messages: [message(skipped)],
      items: [
        {
          ...{ kind: 'step', at: at(11), run: '7', journey: 'cart-abandonment', step: 'send cart-reminder' },
          ...{ label: '', result: 'skipped', why },
        },
        {
          ...{ kind: 'message', at: at(10), id: 'snd_1', run: '7', journey: 'cart-abandonment', channel: 'email' },
          ...{ message: 'cart-reminder', subject: null, settledAt: null, ...skipped },
        },
      ],
    });
    expect(says).toBe('Not sent: capped: 3 marketing messages in 1 day, and no more than 3 may go.');
  });

  test('by what a live run waits for, as long as no message is due', () => {
    const waiting = { step: 'idle 15m', label: 'waits for 15 minutes without activity', until: at(30) };
    expect(answer({ runs: [run({ waiting })] })).toMatchObject({
      chip: ['waiting', 'busy'],
      says: 'No message yet: its run is live.',
      waiting,
    });
  });

  test.each([
    [ended('converted', 'goal purchase'), 'No message: the goal was reached before one was due (goal purchase).'],
    [ended('exited', 'cart was emptied'), 'No message: the run ended before one was due (cart was emptied).'],
    [ended('completed'), 'No message: the run went to its end without one.'],
    [ended('stopped'), 'No message: the run ended before one was due: stopped by an operator.'],
    [
      { ...ended('converted', 'goal purchase'), holdout: true },
      'No message: this person is held out of the journey to compare with, and never messaged.',
    ],
  ])('by how a run ended that came to no message', (of, says) => {
    expect(answer({ runs: [of] })).toMatchObject({ chip: ['no message', 'quiet'], says, at: at(20) });
  });

  test('by the newest run, with the message before it beside', () => {
    const told = answer({ runs: [run({ id: '8', startedAt: at(40) }), ended('completed')], messages: [message()] });
    expect(told.says).toBe('No message yet: its run is live.');
    expect(told.before).toEqual({ id: 'snd_1', name: 'cart-reminder', at: at(10), word: 'sent' });
  });

  test('by why it was not entered, where that is newer than all else', () => {
    const known = { runs: [ended('completed')], messages: [message()] };
    expect(answer({ ...known, items: [refusal(50, 'entry_limit')] })).toMatchObject({
      chip: ['not entered', 'warn'],
      before: { name: 'cart-reminder' },
    });
    expect(answer({ ...known, items: [refusal(5, 'entry_limit')] }).chip[0]).toBe('sent');
    expect(answer({ ...known, items: [refusal(50, 'already_running')] }).chip[0]).toBe('sent');
  });

  test('by what would have started it, where nothing has', () => {
    const journeys = [journey('onboarding', 'Starts on sign_up.', 'A person enters once, ever.', 'More.')];
    expect(answer({ journeys })).toEqual({
      journey: 'onboarding',
      chip: ['not started', 'quiet'],
      says: 'It never started for this person. Starts on sign_up. A person enters once, ever.',
    });
    expect(answer({ journeys, further: true }).says).toContain('It has not started for this person lately.');
  });
});

test('the journey that something happened in last comes first, and those that never started last', () => {
  const journeys = [journey('aardvark'), journey('cart-abandonment'), journey('onboarding')];
  const runs = [run({ id: '9', journey: 'onboarding', startedAt: at(30) }), run()];
  expect(answers({ journeys, runs }).map((told) => told.journey)).toEqual([
    'onboarding',
    'cart-abandonment',
    'aardvark',
  ]);
});
