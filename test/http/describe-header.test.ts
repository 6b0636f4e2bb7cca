/** A journey's header in words says everything that decides who enters and what becomes of a run. */
import { expect, it } from 'vitest';
import { describeHeader } from '../../src/http';
import { loadHeader } from '../../src/journey';

it('leaves out what is as it is by default', () => {
  expect(describeHeader(loadHeader('any', { on: 'login' }))).toEqual(['Starts on login.']);
});

it.each([
  [{ entryMaxAge: '3 days' }, 'A trigger may be 3 days old.'],
  [{ onRepeat: 'restart' }, 'A repeated trigger restarts a live run.'],
  [{ onRepeat: 'hear' }, 'A repeated trigger is heard by a live run.'],
  [{ priority: 'high' }, 'Its messages may use the last place under the daily cap.'],
  [{ versions: 'follow' }, 'Its runs take the newest code.'],
] as const)('says %j', (more, line) => {
  expect(describeHeader(loadHeader('any', { on: 'login', ...more }))).toEqual(['Starts on login.', line]);
});
