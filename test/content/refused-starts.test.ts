/** What is wrong with a team's content stops the start, in one line that names the file and says what to do. */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort } from '../../src/embedded';
import { loadContent } from '../../src/content';
import { buildBundle } from '../../src/runtime/worker';
import { scratchFolder } from '../support';

const here = dirname(fileURLToPath(import.meta.url));
const good = resolve(here, '../e2e/content');
let dir: string;

beforeEach(async () => {
  // Beside the good one, so that its imports of the engine lead to the same place.
  dir = await mkdtemp(join(dirname(good), '.content-'));
  await cp(good, dir, { recursive: true });
});
afterEach(() => rm(dir, { recursive: true }));

async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(join(dir, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(dir, file), text.replace(from, to));
}

const refusal = () =>
  loadContent(dir).then(
    () => 'nothing was refused',
    (error: unknown) => String(error),
  );

it('loads what is right', async () => {
  const { journeys, messages } = await loadContent(dir);
  expect(journeys.map((journey) => journey.id)).toEqual(['listener', 'reminder']);
  expect([...messages.keys()]).toEqual(['note', 'second-note']);
});

it('two journeys of one id', async () => {
  await cp(join(dir, 'workflows/reminder.ts'), join(dir, 'workflows/zz-other.ts'));
  expect(await refusal()).toMatch(
    /workflows\/zz-other\.ts: its id 'reminder' is that of workflows\/reminder\.ts too\./,
  );
});

it("an id that is not the file's name", async () => {
  await edit('workflows/reminder.ts', "'reminder',", "'remainder',");
  expect(await refusal()).toMatch(
    /workflows\/reminder\.ts: its id 'remainder' is not the file's name\. .*rename the file/,
  );
});

it.each([
  [
    'a bad duration',
    "within: '7 days'",
    "within: '-3 days' as '3 days'",
    /workflows\/reminder\.ts.*goal\.within.*-3 days/,
  ],
  ['a bad holdout', 'entry:', 'holdout: 500, entry:', /workflows\/reminder\.ts.*holdout: 500/],
  ['a misspelt trigger', "on: 'add_to_cart'", "on: 'ad_to_cart'", /on: 'ad_to_cart' .*Did you mean 'add_to_cart'\?/],
  ['a misspelt exit', "exitOn: ['logout']", "exitOn: ['lgout']", /exitOn: 'lgout' .*Did you mean 'logout'\?/],
  [
    'a misspelt goal',
    "goal: { event: 'purchase'",
    "goal: { event: 'prchase'",
    /goal: 'prchase' .*Did you mean 'purchase'\?/,
  ],
  ['an event to hear', 'entry:', "hears: ['singup'], entry:", /hears: 'singup' .*Did you mean 'sign_up'\?/],
  [
    'an event that is near none',
    'entry:',
    "hears: ['add_to_review'], entry:",
    /tracking plan\. Add it to events\.ts, or correct it$/,
  ],
  ['an unknown topic', "topic: 'reminders'", "topic: 'remainders'", /topic 'remainders' .*Did you mean 'reminders'\?/],
])('%s in a header', async (_, from, to, message) => {
  await edit('workflows/reminder.ts', from, to);
  expect(await refusal()).toMatch(message);
});

it.each([
  [
    'a bad duration',
    "times('login').moreThan(1).within('7 dayz')",
    /workflows\/reminder\.ts, times\('login'\): '7 dayz' is not a duration/,
  ],
  ['no comparison', 'cart.value', /workflows\/reminder\.ts: when: .*cart\.value\.moreThan/],
])('%s in a rule', async (_, rule, message) => {
  await edit('workflows/reminder.ts', 'import', "import { cart, times } from '../../../../src/behaviour';\nimport");
  await edit('workflows/reminder.ts', 'entry:', `when: ${rule}, entry:`);
  expect(await refusal()).toMatch(message);
});

it('a message whose template uses a token that its props lack', async () => {
  await edit('messages/note/email.mjml', '{{ n }}', '{{ discount }}');
  expect(await refusal()).toMatch(/messages\/note.*'discount'/);
});

it('a journey that imports a Node built-in, when it is bundled', async () => {
  await edit(
    'workflows/reminder.ts',
    'import { journey }',
    "import { readFileSync } from 'node:fs';\nimport { journey }",
  );
  await edit(
    'workflows/reminder.ts',
    "await j.idle('4 seconds');",
    "readFileSync('x');\n    await j.idle('4 seconds');",
  );
  const cacheDir = await scratchFolder();
  await expect(buildBundle({ contentDir: dir, cacheDir })).rejects.toThrow(
    /workflows\/reminder\.ts.*fs.*activities\//s,
  );
});

it.each([
  [
    'throws',
    "\nthrow new Error('no rates');\n",
    /^sojourn: messages\/note\/message\.ts: it can't be loaded: line \d+: no rates\. Correct it\.$/,
  ],
  [
    'calls what is not there',
    '\nimport { z as schemas } from "zod";\n(schemas as unknown as { strng(): void }).strng();\n',
    /^sojourn: messages\/note\/message\.ts: .* line \d+: .*strng is not a function/,
  ],
  [
    "can't be parsed",
    '\nexport const never = {\n',
    /^sojourn: messages\/note\/message\.ts: .* line \d+: [^\n]*\. Correct it\.$/,
  ],
])('a file that another imports, and that %s, is named with its line', async (_, more, expected) => {
  const file = join(dir, 'messages/note/message.ts');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text + more);
  const { code, said } = await sojourn('journeys');
  expect(said.trim()).toMatch(expected);
  const line = Number(/line (\d+)/.exec(said)![1]);
  const first = text.split('\n').length;
  expect(line).toBeGreaterThan(first);
  expect(line).toBeLessThanOrEqual(first + more.split('\n').length);
  expect(code).toBe(1);
});

it('says it in one line, and exits with 1', async () => {
  await edit('workflows/reminder.ts', 'entry:', 'holdout: 500, entry:');
  const { code, said } = await sojourn('start');
  expect(code).toBe(1);
  expect(said.trim().split('\n')).toEqual([expect.stringMatching(/^sojourn: workflows\/reminder\.ts.*holdout: 500/)]);
});

async function sojourn(command: string): Promise<{ code: unknown; said: string }> {
  const env = { ...process.env, PORT: String(await freePort()), SOJOURN_DATA: await scratchFolder() };
  const child = spawn(process.execPath, [resolve(here, '../../bin/sojourn.mjs'), command], { cwd: dir, env });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  // Not `exit`, after which there may be more to read.
  const code = await new Promise((done) => child.once('close', done));
  return { code, said };
}
