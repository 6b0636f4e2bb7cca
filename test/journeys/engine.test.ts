import { describe, expect, test } from 'vitest';
import {
  createJourney,
  JourneyFailed,
  loadHeader,
  runJourney,
  type Answer,
  type Carried,
  type Ending,
  type Journey,
  type JourneyEvent,
  type OpName,
  type Port,
  type Told,
} from '../../src/journey';

interface Types {
  events: { begun: object; said: { word: string }; left: object };
  messages: { hello: object };
  checks: { yes: { args: void; result: boolean } };
}
const journey = createJourney<Types>();

function event(id: string, name: string, acceptedAt: number, properties: Record<string, unknown> = {}): JourneyEvent {
  return { id, name, properties, at: acceptedAt, acceptedAt };
}

interface Call {
  op: OpName;
  args: unknown;
  carried: Carried;
}

/** A run on a port that the test holds in its hand: time moves, and calls are answered, as it says. */
function run(subject: Journey, answers: Partial<Record<OpName, (call: Call) => Answer<unknown>>> = {}) {
  const calls: Call[] = [];
  let now = 0;
  let poke = () => {};
  const port: Port = {
    now: () => now,
    wait: (_name, until, woken) =>
      new Promise((resolve) => {
        poke = () => {
          if (woken()) resolve('woken');
          else if (until !== undefined && now >= until) resolve('expired');
        };
        poke();
      }),
    // The port's answers are as untyped here as they are on a wire.
    call: (async (op: OpName, carried: Carried, args: unknown) => {
      const call = { op, args, carried };
      calls.push(call);
      return answers[op]?.(call) ?? { value: op === 'catchUp' ? [] : null };
    }) as Port['call'],
    tell: () => {},
  };
  const running = runJourney({
    journey: subject,
    start: {
      sojourn: 1,
      run: { id: 'r1', number: 10, journey: subject.id, key: 'alice', personId: '1' },
      header: loadHeader(subject.id, subject.header),
      event: event('e0', 'begun', 0),
      person: { id: '1', traits: {} },
      startedAt: 0,
      clock: { epoch: 0, scale: 1 },
    },
    port,
  });
  running.done.catch(() => {});
  const rest = () => new Promise((resolve) => setImmediate(resolve));
  return {
    calls,
    done: running.done,
    ops: () => calls.map(({ op }) => op),
    trace: () => calls.flatMap(({ carried }) => carried.steps.map(({ step, result }) => `${step}: ${result}`)),
    async told(...items: Told[]) {
      running.told(items);
      poke();
      await rest();
    },
    async time(at: number) {
      await rest();
      now = at;
      poke();
      await rest();
    },
  };
}

const minute = 60_000;
const end = (n: number, outcome: Ending['outcome'] = 'exited'): Told => ({
  n,
  kind: 'end',
  ending: { outcome, at: 5 },
});
const said = (n: number, id: string, word: string, at = 1): Told => ({
  n,
  kind: 'event',
  event: event(id, 'said', at, { word }),
});

const listens = journey('listens', { on: 'begun', hears: ['said'] }, async (j) => {
  const words: string[] = [];
  for (let more = 3; more > 0; more--) words.push((await j.waitFor('said', { within: '10 minutes' }))?.word ?? '-');
  return j.exit(words.join(' '));
});

describe('numbers', () => {
  test('what is not above the last number is dropped; so is an event that was told before', async () => {
    const one = run(listens);
    await one.told(
      said(10, 'e1', 'old'),
      said(12, 'e2', 'a'),
      said(11, 'e3', 'late'),
      said(12, 'e2', 'a'),
      said(13, 'e2', 'a'),
    );
    await one.told(said(14, 'e0', 'trigger'), said(15, 'e4', 'b'));
    await one.time(10 * minute);
    await expect(one.done).resolves.toMatchObject({ reason: 'a b -' });
  });

  test('an old end does not end the run', async () => {
    const one = run(listens);
    await one.told(end(10), said(11, 'e1', 'a'), said(12, 'e2', 'b'), said(13, 'e3', 'c'));
    await expect(one.done).resolves.toMatchObject({ reason: 'a b c' });
  });
});

describe('the store at expiry', () => {
  test('has what was accepted by the deadline; told later, it is dropped', async () => {
    const late = [event('e1', 'said', 10 * minute, { word: 'just' })];
    const asked: unknown[] = [];
    const one = run(listens, {
      catchUp: ({ args }) => {
        asked.push(args);
        return { value: asked.length === 1 ? late : [] };
      },
    });
    await one.time(10 * minute);
    await one.told(
      said(11, 'e1', 'just', 10 * minute),
      said(12, 'e2', 'b', 10 * minute + 1),
      said(13, 'e3', 'c', 10 * minute + 2),
    );
    await expect(one.done).resolves.toMatchObject({ reason: 'just b c' });
    expect(asked).toEqual([{ events: ['said'], from: 0, until: 10 * minute }]);
  });

  test('what it had and was not told comes before what was accepted later, though that was told', async () => {
    const lost = [event('e1', 'said', minute, { word: 'a' }), event('e2', 'said', 2 * minute, { word: 'b' })];
    const one = run(listens, { catchUp: () => ({ value: lost }) });
    await one.told(said(13, 'e3', 'c', 11 * minute));
    await one.time(10 * minute);
    await one.time(11 * minute);
    await expect(one.done).resolves.toMatchObject({ reason: 'a b c' });
  });

  test('what was accepted after the deadline does not count, though it was told before the timer fired', async () => {
    const one = run(listens);
    await one.told(said(11, 'e1', 'too late', 10 * minute + 1));
    await one.time(10 * minute);
    expect(one.trace()).toEqual(['waitFor said: expired', 'waitFor said #2: heard said']);
  });
});

const sleeps = journey('sleeps', { on: 'begun' }, async (j) => {
  await j.check('yes');
  await j.check('yes');
  await j.sleep('10 minutes');
  await j.sleep('10 minutes');
});

describe('calls', () => {
  test('one report precedes a wait, and carries the trace; each step is carried once', async () => {
    const one = run(sleeps, { check: () => ({ value: true }) });
    await one.time(10 * minute);
    await one.time(20 * minute);
    await one.done;
    expect(one.ops()).toEqual(['check', 'check', 'report', 'report', 'finish']);
    expect(one.calls.map(({ carried }) => [carried.position, carried.steps.map(({ step }) => step)])).toEqual([
      [0, []],
      [0, ['check yes']],
      [1, ['check yes #2']],
      [2, ['sleep 10m']],
      [3, ['sleep 10m #2']],
    ]);
  });

  test('an answer that says ended ends the run: nothing more is called but the last', async () => {
    const one = run(sleeps, { check: () => ({ value: null, ended: { outcome: 'converted', at: 3 } }) });
    await expect(one.done).resolves.toEqual({ outcome: 'converted', at: 3 });
    expect(one.ops()).toEqual(['check', 'finish']);
  });

  test('a stale run ends in silence', async () => {
    const one = run(sleeps, { check: () => ({ value: null, stale: true }) });
    await one.done;
    expect(one.ops()).toEqual(['check']);
  });

  test('what ended the row meanwhile goes before how the body ended', async () => {
    const one = run(sleeps, { finish: () => ({ value: null, ended: { outcome: 'stopped', at: 9 } }) });
    await one.time(10 * minute);
    await one.time(20 * minute);
    await expect(one.done).resolves.toMatchObject({ outcome: 'stopped' });
  });
});

describe('a held send', () => {
  const sends = journey('sends', { on: 'begun', exitOn: ['left'] }, async (j) => {
    await j.send('hello');
  });

  test('is asked again with the same key, when woken or an hour later', async () => {
    let asked = 0;
    const one = run(sends, {
      send: () => ({
        value: ++asked < 3 ? { status: 'held', id: 's1', reason: 'message_paused' } : { status: 'sent', id: 's1' },
      }),
    });
    await one.time(0);
    await one.told({ n: 11, kind: 'wake' });
    expect(asked).toBe(2);
    await one.time(60 * minute);
    await one.done;
    const keys = one.calls.filter(({ op }) => op === 'send').map(({ args }) => args);
    expect(new Set(keys.map((args) => (args as { stepKey: string }).stepKey))).toEqual(
      new Set(['sends/alice/10/send hello']),
    );
    expect(one.trace()).toEqual(['send hello: held', 'send hello: sent']);
  });

  test('is not asked again once the run has ended', async () => {
    const one = run(sends, { send: () => ({ value: { status: 'held', id: 's1', reason: 'message_paused' } }) });
    await one.time(0);
    await one.told(end(11));
    await expect(one.done).resolves.toMatchObject({ outcome: 'exited' });
    expect(one.ops()).toEqual(['send', 'report', 'finish']);
  });
});

describe('bodies', () => {
  test('one that throws fails, and the error is the cause', async () => {
    const fails = journey('fails', { on: 'begun' }, async () => {
      throw new TypeError('no such thing');
    });
    const one = run(fails);
    const error: unknown = await one.done.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(JourneyFailed);
    expect(error).toMatchObject({
      message: 'no such thing',
      ending: { outcome: 'failed' },
      cause: expect.any(TypeError) as unknown,
    });
    expect(one.calls.at(-1)?.args).toMatchObject({ ending: { outcome: 'failed', reason: 'no such thing' } });
  });

  test('one that loops over a catch is given up, and its run ends', async () => {
    const stubborn = journey('stubborn', { on: 'begun', exitOn: ['left'] }, async (j) => {
      for (;;) {
        try {
          await j.sleep('1 minute');
        } catch {
          // Goes on, as an author should not.
        }
      }
    });
    const one = run(stubborn);
    await one.time(0);
    await one.told(end(11));
    await expect(one.done).resolves.toMatchObject({ outcome: 'exited' });
  });

  test('one that forgot to await a verb is failed by its misuse all the same', async () => {
    const hasty = journey('hasty', { on: 'begun' }, async (j) => {
      void j.waitFor('said' as never, { within: '1 day' });
      await j.check('yes');
    });
    await expect(run(hasty).done).rejects.toThrow(/waitFor said: this journey does not hear 'said'/);
  });

  test('one that does not say how long it waits fails by name', async () => {
    // Types refuse it, and a start does not look at types.
    const endless = journey('endless', { on: 'begun', hears: ['said'] }, async (j) => {
      await j.waitFor('said', undefined as never);
    });
    await expect(run(endless).done).rejects.toThrow(
      /workflows\/endless\.ts, waitFor said: it does not say for how long. Write \{ within: '1 day' \}/,
    );
  });

  test('one that waits for what is not heard fails by name', async () => {
    // Types refuse it; `never` gets around them.
    const deaf = journey(
      'deaf',
      { on: 'begun' },
      async (j) => void (await j.waitFor('said' as never, { within: '1 day' })),
    );
    await expect(run(deaf).done).rejects.toThrow(
      /workflows\/deaf\.ts, waitFor said: this journey does not hear 'said'/,
    );
  });
});
