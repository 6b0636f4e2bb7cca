/** Each invariant can fail: a small world in which all is well, and what breaks each of them. */
import { expect, test } from 'vitest';
import type { Facts } from './facts';
import { invariants } from './invariants';
import { nothingYet } from './acknowledged';

const at = (seconds: number) => new Date(Date.UTC(2030, 0, 1) + seconds * 1_000);
const ms = (seconds: number) => at(seconds).getTime();

const headers: Record<string, unknown> = {
  reminder: {
    entry: { kind: 'per', everyMs: 8_000 },
    exitOn: [{ event: 'logout' }],
    goal: { event: 'purchase', withinMs: 7 * 86_400_000 },
  },
  listener: { entry: { kind: 'unlimited' }, exitOn: [] },
  shade: { entry: { kind: 'unlimited' }, exitOn: [] },
};

/** Rows with what the invariants read of them. */
function well(): Facts {
  const event = (id: string, name: string, seconds: number, properties = {}) => ({
    ...{ id, name, properties, message_id: `m${id}`, person_id: '1', accepted_at: at(seconds) },
  });
  const decision = (number: string, event_id: string, journey: string, verdict: string, run_id: string | null) => ({
    ...{ number, event_id, journey, verdict, run_id, person_id: '1', reason: null, decided_at: at(Number(number)) },
  });
  const run = (id: string, journey: string, number: string, end_number: string, trigger_event_id: string) => ({
    ...{
      id,
      journey,
      number,
      end_number,
      trigger_event_id,
      person_id: '1',
      key: 'person',
      state: 'ended',
      version: 'v1',
    },
    ...{ header: headers[journey], trigger: { properties: {} }, wall_created_at: at(Number(number)) },
    ...{
      workflow_id: `${journey}/a`,
      outcome: 'completed',
      started_at: at(Number(number)),
      ended_at: at(Number(end_number)),
    },
  });
  const events = [
    event('1', 'add_to_cart', 0),
    event('2', 'sign_up', 1),
    event('3', 'view_item', 11, { n: 0 }),
    event('4', 'view_item', 12, { n: 1 }),
    {
      ...event('5', 'listened', 17, { run: '2', heard: [0, 1], generation: 1 }),
      message_id: 'sojourn:step/listener/a/10/emit listened',
    },
    event('6', 'logout', 40),
  ];
  const send = {
    id: 's1',
    run_id: '1',
    person_id: '1',
    message: 'note',
    kind: 'marketing',
    topic: 'reminders',
    state: 'sent',
    props: { generation: 1 },
  };
  const attempt = { send_id: 's1', attempt: 1, number: '20', outcome: 'accepted' };
  const facts = {
    people: [{ id: '1', merged_into: null }],
    events,
    messageIds: events.map(({ id, message_id }) => ({ message_id, event_id: id })),
    runs: [
      run('1', 'reminder', '10', '30', '1'),
      run('2', 'listener', '10', '30', '2'),
      run('3', 'shade', '10', '30', '1'),
    ],
    steps: [0, 1, 2]
      .map((position) => ({
        run_id: '2',
        position,
        at: at(11 + position),
        step: 'waitFor view_item',
        result: '',
      }))
      .concat(
        ['sleep 1s', 'send note'].map((step, position) => ({
          run_id: '3',
          position,
          at: at(12 + position),
          step,
          result: '',
        })),
      ),
    decisions: [
      decision('10', '1', 'reminder', 'entered', '1'),
      decision('10', '1', 'shade', 'entered', '3'),
      decision('10', '2', 'listener', 'entered', '2'),
      decision('11', '3', 'listener', 'heard', '2'),
      decision('12', '4', 'listener', 'heard', '2'),
    ],
    sends: [send],
    attempts: [{ ...attempt, claimed_at: at(20), wall_claimed_at: at(20), wall_ended_at: at(21) }],
    consents: [{ person_id: '1', topic: 'reminders', state: 'out', number: '25' }],
    left: { pending: 0, deliveries: 0, dispatch: 0 },
    executions: [{ workflowId: 'reminder/a', temporalRunId: 't', status: 'COMPLETED' }],
    generations: new Map([
      ['v0', 0],
      ['v1', 1],
    ]),
    newest: 1,
    current: 1,
    handovers: [
      { messageId: '<s1@x>', to: 'a', from: ms(20), until: ms(20.5), taken: true, answer: 'accepted', clickUrls: [] },
    ],
    known: {
      ...nothingYet(),
      reported: events
        .filter(({ name }) => name !== 'listened')
        .map(({ message_id, name, accepted_at }) => ({
          ...{ messageId: message_id, name, who: { userId: 'u' }, type: 'track', properties: {}, nth: 0 },
          ...{ sentAt: accepted_at.getTime(), ackedAt: accepted_at.getTime() },
        })),
      deploys: [{ generation: 1, from: ms(5), doneAt: ms(9) }],
      stops: [{ target: 'worker-1', from: ms(5), until: ms(6), code: 0 }],
      unsubscribed: [{ personId: '1', topic: 'reminders', ackedAt: ms(25) }],
    },
    merged: new Set<string>(),
  };
  return facts as unknown as Facts; // the columns that no invariant reads are left out
}

const broken = (facts: Facts) => Object.keys(invariants).filter((name) => invariants[name]!(facts).length > 0);

test('all hold where all is well', () => expect(broken(well())).toEqual([]));

const breaches: [name: string, breach: (facts: Facts) => unknown][] = [
  ['keptOnce', ({ events }) => events.splice(5, 1)],
  ['keptOnce', ({ events }) => events.push({ ...events[5]!, id: '7' })],
  [
    'signalsAreEvents',
    ({ known }) => known.inTemporal.push({ did: 'signal', workflowId: 'w', messageId: 'lost', at: 0 }),
  ],
  ['nothingWaits', ({ left }) => (left.pending = 1)],
  ['decidedOnce', ({ decisions }) => decisions.shift()],
  ['oneRunATrigger', ({ runs }) => runs.push({ ...runs[0]!, id: '9', number: '50', end_number: '51' })],
  ['oneLiveRun', ({ runs }) => runs.push({ ...runs[2]!, id: '9', number: '20', trigger_event_id: '7' })],
  [
    'entryLimits',
    ({ runs }) => runs.push({ ...runs[0]!, id: '9', number: '31', started_at: at(12), trigger_event_id: '7' }),
  ],
  [
    'requestsHaveRuns',
    ({ known }) =>
      known.requested.push({ messageId: 'm1', journey: 'asked', who: {}, sentAt: 0, ackedAt: 0, run: '1' }),
  ],
  ['allHaveEnded', ({ runs }) => (runs[2]!.state = 'live')],
  ['allHaveEnded', ({ executions }) => (executions[0]!.status = 'RUNNING')],
  ['tracesAreWhole', ({ steps }) => steps.shift()],
  ['inOrder', ({ events }) => (events[4]!.properties.heard = [1, 0])],
  ['inOrder', ({ events }) => (events[4]!.properties.heard = [0, 0, 1])],
  ['nothingMissed', ({ events }) => (events[4]!.properties.heard = [0])],
  [
    'endsAreHeard',
    ({ events, known }) => {
      events[5]!.accepted_at = at(20);
      Object.assign(known.reported[4]!, { sentAt: ms(20), ackedAt: ms(20) });
    },
  ],
  ['noneAfterTheEnd', ({ attempts }) => (attempts[0]!.number = '31')],
  ['noneAfterUnsubscribe', ({ attempts }) => (attempts[0]!.number = '26')],
  ['noneAfterUnsubscribe', ({ consents }) => consents.pop()],
  ['noneAfterAcknowledged', ({ known }) => known.stopped.push({ run: '1', ackedAt: ms(19) })],
  ...['/v1/journeys/reminder', '/v1/templates/note'].map((path): (typeof breaches)[number] => [
    'noneWhilePaused',
    ({ known }) =>
      known.troubles.push(
        { target: `${path}/pause`, kind: 'paused', from: ms(17), until: ms(18) },
        { target: `${path}/resume`, kind: 'paused', from: ms(22), until: ms(23) },
      ),
  ]),
  ['oneSendAStep', ({ handovers }) => handovers.push({ ...handovers[0]!, from: ms(22), until: ms(23) })],
  ['oneSendAStep', ({ handovers }) => handovers.pop()],
  ['oneSendAStep', ({ sends }) => (sends[0]!.state = 'skipped')],
  ['oneAtATime', ({ handovers }) => handovers.push({ ...handovers[0]!, from: ms(20.2), until: ms(23) })],
  ['uncertainForAReason', ({ attempts }) => (attempts[0]!.outcome = 'uncertain')],
  [
    'capsHold',
    ({ attempts, sends }) => {
      for (const n of [2, 3, 4]) {
        sends.push({ ...sends[0]!, id: `s${n}` });
        attempts.push({ ...attempts[0]!, send_id: `s${n}`, number: String(20 + n) });
      }
    },
  ],
  ['ownCode', ({ sends }) => (sends[0]!.props = { generation: 0 })],
  ['ownCode', ({ events }) => (events[4]!.properties.generation = 0)],
  ['ownCode', ({ runs }) => (runs[0]!.version = 'v0')],
  ['ownCode', ({ steps }) => (steps[3]!.step = 'sleep 2s')],
  ['newRunsAreNew', ({ runs }) => (runs[2]!.version = 'v0')],
  ['newRunsAreNew', (facts) => (facts.current = 0)],
  ['stopsAreOrderly', ({ known }) => (known.stops[0]!.code = 1)],
  ['stopsAreOrderly', ({ known }) => (known.stops[0]!.until = ms(100))],
  [
    'stopsAreOrderly',
    ({ known }) => {
      known.stops[0]!.until = ms(120);
      known.troubles.push({ target: 'postgres', kind: 'hung', from: ms(5), until: ms(10) });
    },
  ],
];

/** Somebody was merged into this person: a device is theirs since an acknowledgement, and reports an event that starts a run. */
function startedByDevice(facts: Facts, { linkedAt }: { linkedAt: number }): void {
  const [first] = facts.known.reported;
  const [event] = facts.events;
  const [run] = facts.runs;
  facts.merged.add('1');
  facts.known.reported.push(
    { ...first!, messageId: 'link', type: 'alias', properties: { previousId: 'd' }, ackedAt: ms(linkedAt) },
    { ...first!, messageId: 'm7', who: { anonymousId: 'd' }, sentAt: ms(4), ackedAt: ms(4) },
  );
  facts.events.push({ ...event!, id: '7', message_id: 'm7' });
  facts.runs.push({ ...run!, id: '9', number: '20', end_number: '29', started_at: at(14), trigger_event_id: '7' });
}

test('what a device of this person starts counts with the rest once it is known to be theirs', () => {
  const facts = well();
  startedByDevice(facts, { linkedAt: 3 });
  expect(broken(facts)).toEqual(expect.arrayContaining(['oneLiveRun', 'entryLimits']));
});

test('what somebody started who was not known to be this person is left alone', () => {
  const facts = well();
  startedByDevice(facts, { linkedAt: 5 });
  expect(broken(facts)).not.toEqual(expect.arrayContaining(['oneLiveRun']));
  expect(broken(facts)).not.toEqual(expect.arrayContaining(['entryLimits']));
});

test.each(['capsHold', 'noneAfterUnsubscribe'])('%s fails for somebody with whom another was merged, too', (name) => {
  for (const [, breach] of breaches.filter(([of]) => of === name)) {
    const facts = well();
    facts.merged.add('1');
    breach(facts);
    expect(broken(facts)).toContain(name);
  }
});

test.each(breaches)('%s fails where it is broken', (name, breach) => {
  const facts = well();
  breach(facts);
  expect(broken(facts)).toContain(name);
});

test('each is broken here', () => {
  expect([...new Set(breaches.map(([name]) => name))].sort()).toEqual(Object.keys(invariants).sort());
});
