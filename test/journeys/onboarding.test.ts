import { expect, test } from 'vitest';
import onboarding from '../../workflows/onboarding';
import { at, simulate } from './prove';

const signUp = at('0m', 'sign_up', {});
const step = (time: string, number: number) => at(time, 'onboarding_step_completed', { step: number, of: 3 });

test('no progress for three minutes: the tutorial, once', async () => {
  const run = await simulate(onboarding, [signUp]);
  expect(run).toHaveSent([{ message: 'onboarding-tutorial', at: '3m' }]);
  expect(run).toHaveEnded('exited', { at: '3d', reason: 'not done in three days: 0 steps' });
});

test('stuck at step 2: the e-mail about that step, once', async () => {
  const run = await simulate(onboarding, [signUp, step('2m', 1)]);
  expect(run).toHaveSent([{ message: 'onboarding-step-help', at: '1h 2m', props: { step: 2 } }]);
});

test('help at each step where somebody is stuck', async () => {
  const run = await simulate(onboarding, [signUp, step('2m', 1), step('5h', 2), step('9h', 3)]);
  expect(run).toHaveSent([
    { message: 'onboarding-step-help', props: { step: 2 } },
    { message: 'onboarding-step-help', at: '6h', props: { step: 3 } },
    { message: 'onboarding-done', at: '9h' },
  ]);
  expect(run).toHaveEnded('completed', { at: '9h' });
});

test('all done at once: congratulations and nothing else', async () => {
  const run = await simulate(onboarding, [signUp, step('1m', 1), step('2m', 2), step('3m', 3)]);
  expect(run).toHaveSent([{ message: 'onboarding-done', at: '3m' }]);
});

test('the event that says so counts as done', async () => {
  const run = await simulate(onboarding, [signUp, at('10m', 'onboarding_completed', {})]);
  expect(run).toHaveSent(['onboarding-tutorial', { message: 'onboarding-done', at: '10m' }]);
});

test('done after three days: no congratulations', async () => {
  const run = await simulate(onboarding, [signUp, at('4d', 'onboarding_completed', {})]);
  expect(run).toHaveSent(['onboarding-tutorial']);
});

test('one signs up once', async () => {
  const run = await simulate(onboarding, [signUp, at('10m', 'onboarding_completed', {}), at('30d', 'sign_up', {})]);
  expect(run.runs).toHaveLength(1);
  expect(run.refused).toMatchObject([{ at: '30d', reason: 'entry_limit' }]);
});
