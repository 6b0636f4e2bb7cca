/** docs/why-no-message.md names every reason that the code can give, and no other; and the figures that the code has. */
import ts from 'typescript';
import { expect, test } from 'vitest';
import { sendStates } from '../../src/db';
import { day, hour, loadHeader } from '../../src/journey';
import { defaultLimits } from '../../src/messaging';
import { files, read } from '../house/sources';

const document = read('docs/why-no-message.md');

/** The first column of the table with that head; of several, the nth. */
function listed(head: string, nth = 0): string[] {
  const table = document.split(/\n\n/).filter((part) => part.startsWith(`| ${head} `))[nth];
  if (!table) throw new Error(`docs/why-no-message.md has no table of '${head}'`);
  return [...table.matchAll(/^\| `(\w+)`/gm)].map((match) => match[1]!).sort();
}

/** The texts of a union of literals, in order of the alphabet. */
function union(file: string, name: string): string[] {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const alias = source.statements.find(
    (one): one is ts.TypeAliasDeclaration => ts.isTypeAliasDeclaration(one) && one.name.text === name,
  );
  if (!alias || !ts.isUnionTypeNode(alias.type)) throw new Error(`${file} has no union ${name}`);
  return alias.type.types.map((type) => type.getText().replaceAll("'", '')).sort();
}

test('every reason of a refusal', () => {
  expect(listed('reason')).toEqual(union('src/routing/decide-rules.ts', 'Refusal'));
});

test('every outcome of a run', () => {
  expect(listed('outcome')).toEqual(union('src/journey/run-data.ts', 'Outcome'));
});

test('every state of the ledger', () => {
  expect(listed('state')).toEqual([...sendStates].sort());
});

test('every reason of a skipped send that the guard gives', () => {
  const guard = files('src/messaging').map(read);
  const given = union('src/journey/run-data.ts', 'SkipReason').filter((reason) =>
    guard.some((text) => text.includes(`'${reason}'`)),
  );
  expect(listed('reason', 1)).toEqual(given);
});

test('the figures', () => {
  const { marketingPerWindow, keptForHigh, windowMs } = defaultLimits;
  expect(windowMs).toBe(day);
  expect(document).toContain(
    `may go in 24 hours (${marketingPerWindow - keptForHigh}, and one more of \`high\` priority)`,
  );
  expect(keptForHigh).toBe(1);
  expect(loadHeader('any', { on: 'api' }).entryMaxAgeMs).toBe(hour);
  expect(document).toContain('older than `entryMaxAge` (1 hour unless set)');
});
