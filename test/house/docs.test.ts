/** The documents tell the truth: their code compiles, what they name is there, and their lists are whole. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { blocks, documents, links, namedPaths, npmScripts, type Block } from './docs';
import { writtenBy, writtenFiles } from './docs-files';
import { files, read, root } from './sources';

const manifest = JSON.parse(read('package.json')) as Record<'scripts' | 'dependencies' | 'devDependencies', object>;

/**
 * Compiles TypeScript as though each block stood where its first line says (`// workflows/my-journey.ts`), or else in
 * docs/. Nothing is written: the compiler is told of files that are not there, and of those as the blocks change them.
 */
function mistakes(all: Block[]): string[] {
  const config = ts.parseJsonConfigFileContent(
    ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const texts = new Map<string, { text: string; block: Block }>();
  for (const [index, block] of all.entries()) {
    const written = writtenBy(block);
    // Top-level await needs a module.
    const text = /^(import|export) /m.test(block.text) ? block.text : `${block.text}\nexport {};`;
    const path = written?.path ?? `docs/snippet-${index}.ts`;
    texts.set(join(root, path), { text: written?.text ?? text, block });
  }
  const host = ts.createCompilerHost(config.options, true);
  const { fileExists, readFile, getSourceFile, directoryExists } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file)?.text ?? readFile(file);
  host.directoryExists = (folder) =>
    [...texts.keys()].some((file) => file.startsWith(`${folder}/`)) || (directoryExists?.(folder) ?? true);
  host.getSourceFile = (file, ...rest) =>
    texts.has(file) ? ts.createSourceFile(file, texts.get(file)!.text, rest[0], true) : getSourceFile(file, ...rest);
  const program = ts.createProgram([...texts.keys()], config.options, host);
  return [...texts].flatMap(([file, { block }]) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((found) => {
      const line = source?.getLineAndCharacterOfPosition(found.start ?? 0).line ?? 0;
      return `${block.document}:${block.line + 1 + line} ${ts.flattenDiagnosticMessageText(found.messageText, ' ')}`;
    });
  });
}

const everyFile = files();
const code = documents.flatMap(blocks).filter(({ language }) => language === 'ts');

describe('the documents', () => {
  test('hold TypeScript that compiles', () => {
    expect(code.length).toBeGreaterThan(0);
    expect(mistakes(code)).toEqual([]);
  });

  test('tell to write no file twice', () => {
    expect(writtenFiles(documents).length).toBeGreaterThan(0);
  });

  test('would be caught with TypeScript that does not', () => {
    const wrong = {
      document: 'x.md',
      heading: '',
      line: 1,
      language: 'ts',
      text: `import { nothing } from '../src/errors';\n`,
    };
    expect(mistakes([wrong])).toEqual([
      expect.stringContaining('x.md:2 Module \'"../src/errors"\' has no exported member'),
    ]);
  });

  test('hold JSON that parses', () => {
    for (const { text, language } of documents.flatMap(blocks)) if (language === 'json') JSON.parse(text);
  });

  test('hold YAML that parses', () => {
    for (const { text, language } of documents.flatMap(blocks)) if (language === 'yaml') parseYaml(text);
  });

  test.each(documents)('%s names only paths that are there', (document) => {
    const missing = namedPaths(document).filter((path) => {
      const places = [path, join(dirname(document), path)];
      const isOfMany = everyFile.some((file) => file.endsWith(`/${path}`)); // `index.ts`, `message.ts`
      return !isOfMany && !places.some((place) => existsSync(join(root, place)));
    });
    expect(missing).toEqual([]);
  });

  test.each(documents)('%s links only to what is there', (document) => {
    expect(links(document).filter((to) => !existsSync(join(root, to)))).toEqual([]);
  });

  test.each(documents)('%s names only npm scripts that package.json has', (document) => {
    expect(npmScripts(document).filter((name) => !(name in manifest.scripts))).toEqual([]);
  });

  test('are each linked to from the README', () => {
    const linked = links('README.md');
    expect(documents.filter((document) => document !== 'README.md' && !linked.includes(document))).toEqual([]);
  });
});

describe('docs/dependencies.md', () => {
  const said = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` *\|/gm)].map((match) => match[1]!);
  const there = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];

  test('says of each dependency in package.json why it is there, and of no other', () => {
    expect([...said].sort()).toEqual([...there].sort());
  });
});

describe('docs/promises.md', () => {
  test('names for each promise a test that is there', () => {
    const promises = read('docs/promises.md').split(/^## /m).slice(1);
    const held = promises.map((text) => [
      text.split(/[ .]/)[0]!,
      [...text.matchAll(/`(test\/[\w./-]+\.test\.ts)`/g)].length > 0,
    ]);
    expect(held.filter(([, has]) => !has)).toEqual([]);
    expect(held.length).toBeGreaterThan(0);
    const tests = new Set(files('test'));
    const named = promises.flatMap((text) =>
      [...text.matchAll(/`(test\/[\w./-]+\.test\.ts)`/g)].map((match) => match[1]!),
    );
    expect(named.filter((file) => !tests.has(file))).toEqual([]);
  });
});
