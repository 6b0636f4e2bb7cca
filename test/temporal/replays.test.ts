/**
 * Random bodies, some with verbs side by side, on a worker that is slow, fails, and forgets its runs, while these are told
 * things, signalled by other clients and cancelled: each history, gone through again, goes as it went.
 */
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HeaderInput, SendRequest, StartArgs, Waiting } from '../../src/journey';
import type { At, Bundle } from '../../src/runtime/worker';
import { seeded, type Seeded } from '../support/seeded';
import { type Answers, type Rig, bundleOf, openRig, requestOf, sourcesOf, startOf, toldEvent } from './rig';

/** REPLAYS_SEED repeats the bodies and what happens to them, though not to the millisecond. */
const seed = Number(process.env['REPLAYS_SEED'] ?? Math.floor(Math.random() * 1e9));
const random = seeded(seed);
const runs = 30;
const livesMs = 20_000;

const header: HeaderInput = { on: 'begun', hears: ['nodded', 'shook'], exitOn: ['logout'] };
const bodies = Object.fromEntries(
  Array.from({ length: runs }, (_, n) => [`random-${n}`, bodyOf(random.fork(`body ${n}`), n % 2 === 0 ? 2 : 0)]),
);
let rig: Rig;
let bundle: Bundle;

beforeAll(async () => {
  rig = await openRig();
  bundle = await bundleOf(sourcesOf(header, bodies));
});
afterAll(() => rig?.close());

test(`runs go again as they went, seed ${seed}`, async () => {
  const workers = await rig.serve(bundle, answers(random.fork('answers')), { cachedRuns: 4 });
  const ended = await Promise.all(Object.keys(bodies).map((journey) => live(journey, random.fork(journey))));
  await workers.stop();
  expect(ended.filter((error) => error !== undefined)).toEqual([]);
});

/** A few verbs one after the other; in blocks that are `deep` at most, some of them side by side. */
function bodyOf(of: Seeded, deep: number): string {
  const block = () => `(async () => {${bodyOf(of, deep - 1)}})()`;
  const step = () => {
    if (deep > 0 && of.chance(0.3))
      return `await Promise.${of.pick(['all', 'race', 'allSettled'])}([${block()}, ${block()}]);`;
    return `${deep > 0 && of.chance(0.1) ? 'void' : 'await'} ${verb(of)};`;
  };
  return Array.from({ length: 1 + of.below(4) }, step).join('\n');
}

function verb(of: Seeded): string {
  const duration = `${1 + of.below(3)} seconds`;
  return of.pick([
    `j.sleep('${duration}')`,
    `j.sleepUntil({ date: new Date(j.event.at + ${1_000 + of.below(5_000)}).toISOString() })`,
    `j.idle('${duration}')`,
    `j.waitFor('${of.pick(['nodded', 'shook'])}', { within: '${duration}' })`,
    `j.check('${of.pick(['one', 'two'])}')`,
    `j.experiment('colour', { red: 1, blue: 1 })`,
    `j.send('note', {})`,
    `j.emit('waved', {})`,
    `j.update({ mood: 'good' })`,
  ]);
}

/** One run, and what happens to it. Resolves with what was otherwise the second time. */
async function live(journey: string, of: Seeded): Promise<string | undefined> {
  const start = startOf(journey, header);
  const { workflowId } = requestOf(start);
  const handle = await rig.client.workflow.start(journey, {
    ...{ taskQueue: 'sojourn', workflowId, args: [start], memo: { sojournRun: start.run.id } },
    // Its tasks go on as others after eight tenths of this.
    workflowTaskTimeout: '2 seconds',
  });
  const over = handle.result().then(
    () => undefined,
    () => undefined,
  );
  const giveUpAt = Date.now() + livesMs;
  let isOver = false;
  void over.then(() => (isOver = true));
  for (let n = 2; !isOver && Date.now() < giveUpAt; n++) {
    await Promise.race([over, sleep(of.between(50, 3_000))]);
    await happen(start, n, of).catch(() => undefined); // it has ended meanwhile
  }
  const history = await handle.fetchHistory();
  return Worker.runReplayHistory({ workflowBundle: { code: bundle.code } }, history, workflowId).then(
    () => undefined,
    (error: Error) => `${error.message}, in\n${bodies[journey]}`,
  );
}

/** The `n`th thing that happens to a run, which may be nothing. */
async function happen({ run }: StartArgs, n: number, of: Seeded): Promise<void> {
  const handle = rig.client.workflow.getHandle(`${run.journey}/${run.key}`);
  const tell = (item: object) => handle.signal('told', { run: run.id, items: [item] });
  const roll = of.next();
  if (roll < 0.4) await tell(toldEvent(n, of.pick(['nodded', 'shook'])));
  else if (roll < 0.75) await handle.signal('event', { event: 'nodded', messageId: `${run.id}-${n}` });
  else if (roll < 0.85) await tell({ n, kind: 'wake' });
  else if (roll < 0.88) await handle.cancel();
  else if (roll < 0.95) await tell({ n, kind: 'end', ending: { outcome: 'exited', reason: 'logout', at: Date.now() } });
}

/** What is asked is answered at once mostly; else late, too late for a local activity, or not this time. */
function answers(of: Seeded): Answers {
  const weather = async () => {
    const roll = of.next();
    if (roll < 0.2) throw new Error('not now');
    if (roll < 0.4) await sleep(of.between(5, 400));
    else if (roll < 0.55) await sleep(of.between(1_400, 2_600));
    else if (roll < 0.6) await sleep(4_000);
  };
  const answered =
    <A extends unknown[], T>(value: (...args: A) => T) =>
    async (_: At, ...args: A) => {
      await weather();
      return { value: value(...args) };
    };
  return {
    report: answered((_, { waiting }: { waiting?: Waiting }) => ({ until: waiting?.until })),
    lastActive: answered(() => null),
    catchUp: answered(() => []),
    check: answered(() => true),
    assign: answered(() => 'red'),
    emit: answered(() => null),
    update: answered(() => null),
    finish: answered(() => null),
    send: answered((_, { stepKey }: SendRequest) => ({ status: 'sent' as const, id: stepKey })),
    acceptSignal: async () => {
      await weather();
      return {};
    },
  };
}
