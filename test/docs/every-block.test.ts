/** Each block of shell, JavaScript, HTML and Python in the documents is run by a test of this folder, or says why not. */
import ts from 'typescript';
import { expect, test } from 'vitest';
import { blocks, documents, type Block } from '../house/docs';
import { files, read } from '../house/sources';
import { isToFillIn } from './snippets';

const languages = ['sh', 'js', 'html', 'python'];

/** By document and heading. TypeScript is compiled (test/house/docs.test.ts), a message's MJML is loaded with its folder. */
const notRun: Record<string, Record<string, string>> = {
  'README.md': {
    Sojourn: 'installs and tests this repository, as .ci/run does; test/demo/demo.test.ts starts the demo',
    'A project of your own': "is docs/own-project.md's, shortened",
  },
  'bench/README.md': { 'The benches': 'takes minutes, and measures' },
  'docs/add-a-message.md': { 'How it looks': 'is a file that test/docs/team-folder.test.ts writes and loads' },
  'docs/deploy.md': { Processes: 'needs a Docker engine; test/deploy runs the services as processes' },
  'docs/own-project.md': { Upgrade: 'needs a registry that has the package' },
  'docs/write-a-journey.md': { Time: "needs a folder's whole stack; test/embedded/clock.test.ts sets the scale" },
};

const key = ({ document, heading, language }: Block): string => `${document} | ${heading} | ${language}`;
const all = documents.flatMap(blocks).filter((block) => languages.includes(block.language) && !isToFillIn(block));

/** Of each call `snippets(document, language, heading)` in the tests of this folder: which blocks it asks for. */
function asked(): Set<string> {
  const found = files('test/docs', /\.test\.ts$/).flatMap((file) => {
    const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
    const texts = new Map<string, string>();
    const textOf = (node?: ts.Node): string | undefined =>
      node && (ts.isStringLiteral(node) ? node.text : texts.get(node.getText()));
    const calls: (string | undefined)[][] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isVariableDeclaration(node) && node.initializer && ts.isStringLiteral(node.initializer))
        texts.set(node.name.getText(), node.initializer.text);
      if (ts.isCallExpression(node) && node.expression.getText() === 'snippets')
        calls.push(node.arguments.map((argument) => textOf(argument)));
      ts.forEachChild(node, visit);
    };
    visit(source);
    return calls;
  });
  const isAsked = ({ document, heading, language }: Block) =>
    found.some(([one, two, three]) => one === document && two === language && (three ?? heading) === heading);
  return new Set(all.filter(isAsked).map(key));
}

test('each is run, or is listed with its reason', () => {
  const run = asked();
  const listed = (block: Block) => notRun[block.document]?.[block.heading] !== undefined;
  expect(run.size).toBeGreaterThan(10);
  expect(all.filter((block) => !run.has(key(block)) && !listed(block)).map(key)).toEqual([]);
});

test('what is listed is there, and is not run after all', () => {
  const run = asked();
  const listed = Object.entries(notRun).flatMap(([document, headings]) =>
    Object.keys(headings).map((heading) => ({ document, heading })),
  );
  const gone = listed.filter(
    ({ document, heading }) =>
      !all.some((block) => block.document === document && block.heading === heading && !run.has(key(block))),
  );
  expect(gone).toEqual([]);
});
