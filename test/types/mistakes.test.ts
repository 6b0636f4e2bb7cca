import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

test('mistakes do not compile, and what is right does', () => {
  const config = ts.parseJsonConfigFileContent(
    ts.readConfigFile(here('../../tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    here('../..'),
  );
  const files = [here('mistakes.ts'), here('right.ts')];
  const program = ts.createProgram(files, { ...config.options, noEmit: true });
  const found = files.flatMap((file) => {
    const source = program.getSourceFile(file);
    expect(source, file).toBeDefined();
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
  const shown = found.map(({ file, start = 0, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${file?.fileName}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
  expect(shown).toEqual([]);
});

test('there are at least forty of them', () => {
  expect(readFileSync(here('mistakes.ts'), 'utf8').match(/^\s*\/\/ @ts-expect-error/gm)?.length).toBeGreaterThanOrEqual(
    40,
  );
});
