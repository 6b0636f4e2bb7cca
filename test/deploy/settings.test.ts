/** docs/deploy.md names the settings that there are, each of them, and no others. */
import { expect, test } from 'vitest';
import { settingNames } from '../../src/config/names';
import { read } from '../house/sources';

const page = read('docs/deploy.md');
const rows = [...page.matchAll(/^\| (`[^|]*`) *\|/gm)].map((match) => match[1]!);
const named = rows.flatMap((row) => [...row.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map((match) => match[1]!));

test('every setting of Sojourn has its row', () => {
  const ours = named.filter((name) => name.startsWith('SOJOURN_'));
  expect(ours.sort()).toEqual([...settingNames].sort());
});

test('every other one is read by the code that parses settings', () => {
  const others = named.filter((name) => !name.startsWith('SOJOURN_'));
  const code = read('src/config/config.ts') + read('src/config/temporal-settings.ts');
  // A file's name and its content share their first part.
  expect(others.filter((name) => !code.includes(name.replace(/_PATH$/, '')))).toEqual([]);
  expect(others).toEqual(expect.arrayContaining(['DATABASE_URL', 'SMTP_URL', 'TEMPORAL_ADDRESS', 'TEMPORAL_API_KEY']));
});

test('the text speaks of no setting that is not there', () => {
  const spoken = [...page.matchAll(/\bSOJOURN_[A-Z_]+\b/g)].map(([name]) => name);
  expect(spoken.filter((name) => !(settingNames as readonly string[]).includes(name))).toEqual([]);
});
