import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { loadContent, type Content } from '../../src/content';
import { simulateScenario } from '../../src/prove';

let content: Content;
beforeAll(async () => {
  content = await loadContent(fileURLToPath(new URL('../..', import.meta.url)));
});

test('a scenario from a file gives an answer for machines', async () => {
  const scenario = {
    person: { userId: 'ada', traits: { name: 'Ada' } },
    events: [
      { at: '0m', event: 'add_to_cart', properties: { value: 80 } },
      { at: '5m', event: 'purchase', properties: { value: 80 } },
    ],
  };
  const { answer } = await simulateScenario('cart-abandonment', scenario, content);
  expect(answer).toMatchObject({
    journey: 'cart-abandonment',
    entered: true,
    outcome: 'converted',
    at: '5m',
    trace: [
      { step: 'experiment cart-patience', at: '0m' },
      { step: expect.stringMatching(/^idle/) as unknown, result: 'ended' },
    ],
    sent: [],
  });
});

test('one that nobody enters says so', async () => {
  const scenario = { events: [{ at: '0m', event: 'add_to_cart', properties: { value: 3 } }] };
  const { answer } = await simulateScenario('cart-abandonment', scenario, content);
  expect(answer).toEqual({ journey: 'cart-abandonment', entered: false, outcome: null, at: null, trace: [], sent: [] });
});

test('an event that the plan lacks is a warning, and one of Sojourn is none', async () => {
  const names = ['add_to_cart', 'purchsae', 'message_clicked', 'purchsae'];
  const scenario = { events: names.map((event) => ({ at: '0m', event, properties: { value: 80 } })) };
  const { warnings } = await simulateScenario('cart-abandonment', scenario, content);
  expect(warnings).toEqual(['event purchsae is not in events.ts (did you mean purchase?)']);
});

test.each<[string, string, unknown, RegExp]>([
  ['an unknown journey', 'cart', { events: [] }, /no journey 'cart'. There are: .*cart-abandonment/],
  ['no events', 'onboarding', {}, /events/],
  ['an unknown field', 'onboarding', { events: [], evnts: [] }, /evnts/],
  ['a bad time', 'onboarding', { events: [{ at: 'soon', event: 'sign_up' }] }, /'soon' is no time/],
  [
    'a bad property',
    'onboarding',
    { events: [{ at: '0m', event: 'search', properties: { search_term: 3 } }] },
    /events\.0\.properties\.search_term/,
  ],
])('%s is refused by name', async (_name, journey, scenario, error) => {
  await expect(simulateScenario(journey, scenario, content)).rejects.toThrow(error);
});
