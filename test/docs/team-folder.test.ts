/**
 * What the documents tell a team to write, written: into a copy of the content that ships, loaded by `sojourn journeys`
 * as at a start, and its tests run by Vitest.
 */
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { documents } from '../house/docs';
import { writtenFiles } from '../house/docs-files';
import { root } from '../house/sources';
import { scratchFolder } from '../support';
import { runShell, snippets } from './snippets';

const written = writtenFiles(documents);
const ids = (folder: string) =>
  written.flatMap(({ path }) => (dirname(path) === folder ? [path.slice(folder.length + 1, -'.ts'.length)] : []));
let folder: string;

beforeAll(async () => {
  folder = await scratchFolder();
  const content = ['workflows', 'activities', 'messages', 'events.ts', 'sojourn.ts', 'package.json', 'test/journeys'];
  for (const one of content) await cp(join(root, one), join(folder, one), { recursive: true });
  for (const engine of ['src', 'node_modules']) await symlink(join(root, engine), join(folder, engine));
  for (const { path, text } of written) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
});

test('the journeys and the messages are taken in', async () => {
  const ran = await runShell('npx sojourn journeys --json', {}, folder);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  const loaded = (JSON.parse(ran.stdout) as { id: string }[]).map(({ id }) => id);
  expect(ids('workflows').length).toBeGreaterThan(2);
  expect(loaded).toEqual(expect.arrayContaining(ids('workflows')));
}, 240_000);

test('the tests pass', async () => {
  const tests = written.map(({ path }) => path).filter((path) => path.endsWith('.test.ts'));
  expect(tests.length).toBeGreaterThan(1);
  const ran = await runShell(
    `node node_modules/vitest/vitest.mjs run --root . --testTimeout=60000 --reporter=json --outputFile=report.json ${tests.join(' ')}
     node -p 'JSON.stringify(require("./report.json"))'`,
    {},
    folder,
  );
  expect(ran, `${ran.stdout}\n${ran.stderr}`).toMatchObject({ code: 0 });
  const report = JSON.parse(ran.stdout.slice(ran.stdout.indexOf('{"num'))) as { testResults: unknown[] };
  expect(report).toMatchObject({ numFailedTests: 0, numPendingTests: 0 });
  expect(report.testResults).toHaveLength(tests.length);
}, 240_000);

test('the scenario runs from the command line', async () => {
  const [scenario = ''] = snippets('docs/test-a-journey.md', 'json');
  await writeFile(join(folder, 'scenario.json'), scenario);
  const [command = ''] = snippets('docs/test-a-journey.md', 'sh', 'Without writing a test');
  const ran = await runShell(command, {}, folder);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  expect(ran.stdout).toContain('cart-abandonment entered');
  expect(ran.stdout).toContain('exited: logout');
}, 240_000);
