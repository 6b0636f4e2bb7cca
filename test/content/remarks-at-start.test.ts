/** What is odd about a team's content is said at the start of what runs it, once, and keeps nothing from starting. */
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startStack } from '../demo/demo-process';

const good = resolve(dirname(fileURLToPath(import.meta.url)), '../e2e/content');
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(dirname(good), '.content-'));
  await cp(good, dir, { recursive: true });
  await appendFile(join(dir, 'workflows/reminder.ts'), 'export const odd = (j: any) => {\n  j.send("note");\n};\n');
});
afterAll(() => rm(dir, { recursive: true }));

it('by start, in the terminal', async () => {
  const stack = await startStack(['start'], {}, dir);
  try {
    const said = stack.output().split('\n');
    const warnings = said.filter((line) => line.includes('Warning'));
    expect(warnings).toEqual([
      expect.stringMatching(
        /^ {2}Warning: workflows\/reminder\.ts:\d+: it calls j\.send without waiting for it\. Write await j\.send\(…\)\.$/,
      ),
    ]);
  } finally {
    await stack.stop();
  }
});
