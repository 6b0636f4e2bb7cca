/** docs/own-project.md, run as it stands: what a team does with a new project, but for what npm brings from elsewhere. */
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { root } from '../house/sources';
import { scratchFolder } from '../support';
import { runShell, snippets, type Ran } from './snippets';

const document = 'docs/own-project.md';
const parent = await scratchFolder();
const project = join(parent, 'my-journeys');
const commands = snippets(document, 'sh', 'A project of your own')[0]!.trim().split('\n');
let made: Ran;

beforeAll(async () => {
  // The engine is named, so that it is not packed first: test/package/init.test.ts does that, and installs it.
  made = await runShell(`${commands[0]} --engine file:${root} --json`, {}, parent);
});

/** What `npm install` makes: this repository as the package `sojourn`, and its packages beside it. */
async function installed(): Promise<void> {
  const modules = join(project, 'node_modules');
  await mkdir(modules);
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (!name.startsWith('.')) await symlink(join(root, 'node_modules', name), join(modules, name));
  }
  await symlink(root, join(modules, 'sojourn'));
}

test('the first command makes the project, and names the others as what comes next', () => {
  expect(made, made.stderr).toMatchObject({ code: 0 });
  const { next } = JSON.parse(made.stdout) as { next: string[] };
  expect(commands.slice(1)).toEqual(next);
});

test('the lint configuration is whole, lets the journeys that ship pass, and finds a mistake', async () => {
  await installed();
  const [config = ''] = snippets(document, 'js', 'Lint');
  await writeFile(join(project, 'eslint.config.js'), config);
  const lint = () => runShell('node node_modules/eslint/bin/eslint.js . --format json', {}, project);
  const right = await lint();
  expect(right, right.stdout + right.stderr).toMatchObject({ code: 0 });

  const { default: plugin } = (await import('../../eslint/index.js')) as { default: { rules: object } };
  for (const rule of Object.keys(plugin.rules)) expect(config).toContain(`'sojourn/${rule}': 'error'`);

  const file = join(project, 'workflows/forgetful.ts');
  await writeFile(
    file,
    `import { journey } from '../sojourn';
export default journey('forgetful', { on: 'login' }, async (j) => {
  j.sleep('1 day');
});
`,
  );
  const wrong = await lint();
  await rm(file);
  const found = (JSON.parse(wrong.stdout) as { filePath: string; messages: { ruleId: string }[] }[]).flatMap(
    ({ filePath, messages }) => messages.map(({ ruleId }) => [filePath, ruleId]),
  );
  expect(found).toEqual([[file, 'sojourn/verbs-awaited']]);
}, 240_000);

test('its commands work there: journeys, and what is missing', async () => {
  const journeys = await runShell('npx sojourn journeys', {}, project);
  expect(journeys, journeys.stderr).toMatchObject({ code: 0 });
  expect(journeys.stdout).toContain('cart-abandonment');
  const doctor = await runShell('npx sojourn doctor --json', {}, project);
  expect((JSON.parse(doctor.stdout) as { part: string }[]).map(({ part }) => part)).toContain('PostgreSQL');
}, 240_000);
