import { expect, test } from 'vitest';
import reEngagement from '../../workflows/re-engagement';
import { at, simulate } from './prove';

const login = (time: string) => at(time, 'login', {});

test('a week without a login: a message; three days later an offer', async () => {
  const run = await simulate(reEngagement, [login('0m'), at('2d', 'page', { path: '/' })]);
  expect(run).toHaveSent([
    { message: 'we-miss-you', at: '7d' },
    { message: 'come-back-offer', at: '10d', props: { percent: 15 } },
  ]);
});

test('a login in time: nothing', async () => {
  const run = await simulate(reEngagement, [login('0m'), login('6d'), login('12d')], { until: '18d' });
  expect(run).not.toHaveEntered();
});

test('a login after the message: no offer', async () => {
  const run = await simulate(reEngagement, [login('0m'), login('8d')], { until: '14d' });
  expect(run).toHaveSent(['we-miss-you']);
  expect(run).toHaveEnded('exited', { at: '8d', reason: 'login' });
});

test('who stays away is asked once, and again after the next absence', async () => {
  const run = await simulate(reEngagement, [login('0m'), login('60d')]);
  expect(run.sent.map(({ at }) => at)).toEqual(['7d', '10d', '67d', '70d']);
});

test('who never logged in is not missed', async () => {
  expect(await simulate(reEngagement, [at('0m', 'page', { path: '/' })])).not.toHaveEntered();
});

test('in a year of logins, each absence is asked about once', async () => {
  const logins = Array.from({ length: 26 }, (_, index) => login(`${index * 14}d`));
  const run = await simulate(reEngagement, logins, { until: '365d' });
  expect(run.runs).toHaveLength(26);
});
