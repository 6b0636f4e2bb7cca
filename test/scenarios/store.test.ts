import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '../../src/journey';
import type { CompiledMessage } from '../../src/messaging';
import { parseAt, resultOf, stage, type Simulated, type TracedStep } from '../../src/prove';
import { Simulation } from '../../src/runtime/simulated';
import { makeScratch, removeScratch } from '../support/run-folder';
import { content } from './content';
import { openOnStore } from './on-store';
import { seedsToPlay } from './random';
import { busyScenario } from './random-busy';
import { defaultStart, scenarios, type Scenario } from './scenarios';
import { compileMessages } from './store-parts';
import { readStory } from './store-story';

const seeds = seedsToPlay(30);
let messages: Map<string, CompiledMessage>;
let folder: string;

beforeAll(async () => {
  folder = await makeScratch('messages');
  messages = await compileMessages(folder, content);
});
afterAll(() => removeScratch(folder));

type Given = Omit<Scenario, 'expected'>;

/** What a scenario came to: each of its journeys, by their ids, and what is known of its people. */
interface Result {
  journeys: Record<string, Simulated>;
  traits: Record<string, unknown>[];
}

const journeysOf = ({ journey, with: others = [] }: Given) => [journey, ...others];
const startOf = ({ start = defaultStart }: Given) => Date.parse(start);

function resultsOf(scenario: Given, story: Parameters<typeof resultOf>[0]): Result {
  const results = journeysOf(scenario).map(({ id }) => [id, resultOf(story, id, startOf(scenario))]);
  return {
    journeys: Object.fromEntries(results) as Result['journeys'],
    traits: [...story.people.values()].map(({ traits }) => traits),
  };
}

async function onStore(scenario: Given, until: number): Promise<Result> {
  const { moments, traits, consents = {}, personId = '1' } = scenario;
  const store = await openOnStore({ journeys: journeysOf(scenario), content, messages, start: startOf(scenario) });
  try {
    const own = await store.person('somebody', { id: personId, traits: { email: 'somebody@example.com', ...traits } });
    for (const [topic, state] of Object.entries(consents)) await store.happen(own, { kind: 'choose', topic, state });
    const timed = moments.map(({ at, happening }) => ({ at: parseAt(at), personId: own, happening }));
    await store.run(timed, until);
    await expectMails(store);
    return resultsOf(scenario, await readStory(store.db));
  } finally {
    await store.close();
  }
}

/** What counts as sent has reached the mail server, once. */
async function expectMails({ db, mails }: Pick<Awaited<ReturnType<typeof openOnStore>>, 'db' | 'mails'>) {
  const sent = await db.selectFrom('sends').select('id').where('state', '=', 'sent').execute();
  const arrived = sent.map(({ id }) => mails.filter(({ messageId }) => messageId.startsWith(`<${id}@`)).length);
  expect(arrived).toEqual(sent.map(() => 1));
}

async function inSimulation(scenario: Given, until: number): Promise<Result> {
  const { moments, personId } = scenario;
  const simulation = new Simulation({ journeys: journeysOf(scenario), content, start: startOf(scenario) });
  await simulation.run(stage(simulation.world, moments, { ...scenario, person: { id: personId } }), until);
  return resultsOf(scenario, simulation.world);
}

async function expectSame(scenario: Given, until = 730 * day): Promise<void> {
  const [there, here] = [await onStore(scenario, until), await inSimulation(scenario, until)];
  for (const { id } of journeysOf(scenario)) {
    const [stored, simulated] = [there.journeys[id]!, here.journeys[id]!];
    const both = `on the store:\n${stored.timeline()}\n\nsimulated:\n${simulated.timeline()}`;
    expect(inOneVoice(simulated), both).toEqual(inOneVoice(stored));
  }
  expect(here.traits).toEqual(there.traits);
}

/** Runs have other ids on the store; and why a provider refused a message is the provider's to say. */
function inOneVoice({ runs, sent, refused }: Simulated) {
  const ofStep = ({ why, ...step }: TracedStep) => ({
    ...step,
    ...(why && !/^(refused|the provider)/.test(String(why['reason'])) && { why }),
  });
  return {
    sent,
    runs: runs.map(({ trace, ...run }) => ({ ...run, trace: trace.map(ofStep) })),
    refused: refused.map(({ inputs: { run, ...inputs }, ...one }) => ({
      ...one,
      inputs: { ...inputs, ...(typeof run === 'string' && { run: run.replace('r', '') }) },
    })),
  };
}

/** Nothing erases people on the store yet. */
const canHappen = ({ happening }: Scenario['moments'][number]) => happening.kind !== 'erase';

test.concurrent.for(scenarios.filter(({ moments }) => moments.every(canHappen)))('$name', (scenario) =>
  expectSame(scenario),
);

test.concurrent.for(seeds)('a random scenario goes the same way on the store, seed %d', async (seed) => {
  const scenario = busyScenario(seed);
  // What is held for good is judged again each hour: two weeks show as much as two years.
  await expectSame({ ...scenario, moments: scenario.moments.filter(canHappen) }, 15 * day);
});
