/** The documents' tables name all that there is: every field of a header, every verb, every option, and no other. */
import ts from 'typescript';
import { expect, test } from 'vitest';
import { maxBatchBytes, maxBatchCalls, maxEventBytes, maxIdLength } from '../../src/events';
import { builtInTokens } from '../../src/messaging/render';
import { read } from '../house/sources';

/** The first column of the table under a heading, or of the nth there: all words between backticks in it. */
function column(document: string, heading: string, nth = 0): string[] {
  const section = read(document)
    .split(/^#{2,3} /m)
    .find((part) => part.startsWith(`${heading}\n`));
  if (!section) throw new Error(`${document} has no heading '${heading}'`);
  const table = section.split(/\n\n/).filter((part) => part.startsWith('|'))[nth];
  const cells = (table ?? '')
    .split('\n')
    .slice(2)
    .map((row) => row.split(/(?<!\\)\|/)[1] ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!));
}

const names = (cells: string[]): string[] => [...new Set(cells.map((cell) => /[A-Za-z_]+/.exec(cell)![0]))].sort();

function declared(file: string, name: string): ts.InterfaceDeclaration | ts.TypeAliasDeclaration {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const found = source.statements.find(
    (one): one is ts.InterfaceDeclaration | ts.TypeAliasDeclaration =>
      (ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one)) && one.name.text === name,
  );
  if (!found) throw new Error(`${file} declares no ${name}`);
  return found;
}

/** The names of an interface's members. */
function members(file: string, name: string): string[] {
  const found = declared(file, name);
  if (!ts.isInterfaceDeclaration(found)) throw new Error(`${file}: ${name} is no interface`);
  return [...new Set(found.members.map((member) => member.name?.getText() ?? ''))].sort();
}

test('the header', () => {
  expect(names(column('docs/write-a-journey.md', 'The header'))).toEqual(
    members('src/journey/header-input.ts', 'HeaderInput'),
  );
});

test('the verbs', () => {
  const verbs = column('docs/write-a-journey.md', 'The verbs').map((cell) => /\bj\.(\w+)/.exec(cell)![1]!);
  expect([...new Set(verbs)].sort()).toEqual(members('src/journey/j.ts', 'J'));
});

test('what can happen in a simulation, and to whom', () => {
  const happening = declared('src/runtime/simulated/happenings.ts', 'Happening').getText();
  const kinds = [...happening.matchAll(/kind: '(\w+)'/g)].map((match) => match[1]!).sort();
  expect(names(column('docs/test-a-journey.md', 'What can happen'))).toEqual(kinds);
  expect(names(column('docs/test-a-journey.md', 'What can happen', 1))).toEqual(
    members('src/prove/simulate.ts', 'SimulateOptions'),
  );
});

test('what can be expected', () => {
  expect(names(column('docs/test-a-journey.md', 'What can be expected'))).toEqual(
    members('src/prove/matchers.ts', 'JourneyMatchers'),
  );
});

test('the options of a message, and its tokens', () => {
  expect(names(column('docs/add-a-message.md', 'What it is'))).toEqual(members('src/messaging/message.ts', 'Options'));
  expect(names(column('docs/add-a-message.md', 'How it looks'))).toEqual([...builtInTokens].sort());
});

test('the limits of events', () => {
  const kilobytes = (bytes: number) => `${bytes / 1024} KB`;
  const calls = maxBatchCalls.toLocaleString('en-US');
  expect(read('docs/report-events.md').replace(/\s+/g, ' ')).toContain(
    `${kilobytes(maxEventBytes)} an event; ${kilobytes(maxBatchBytes)} and ${calls} calls a batch; ${maxIdLength} characters an id`,
  );
});
