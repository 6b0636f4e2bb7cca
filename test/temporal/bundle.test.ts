import { mkdir, readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildBundle, getBundle, putBundle } from '../../src/runtime/worker';
import { cachedBundle } from '../../src/runtime/worker/bundle-cache';
import { freshDatabase, scratchFolder } from '../support';
import { sourceOf, writeContent } from './rig';

const one = sourceOf('one', { on: 'begun' }, `await j.sleep('1 second');`);
const other = sourceOf('one', { on: 'begun' }, `await j.sleep('2 seconds');`);

async function contentOf(sources: Record<string, string>, folder = '.') {
  const contentDir = path.join(await scratchFolder(), folder);
  await writeContent(contentDir, sources);
  return contentDir;
}

test('the version is the same in every folder, and another when the code is', async () => {
  const here = await buildBundle({ contentDir: await contentOf({ one }) });
  const elsewhere = await contentOf({ one }, 'some/other/place');
  expect((await buildBundle({ contentDir: elsewhere })).version).toBe(here.version);
  const changed = await buildBundle({ contentDir: await contentOf({ one: other }) });
  expect(changed.version).not.toBe(here.version);
});

test('no path of this machine is in a bundle', async () => {
  const contentDir = await contentOf({
    one: `export default { id: 'one', header: { on: 'begun' }, body: async () => {} };`,
  });
  const { code } = await buildBundle({ contentDir });
  const [running = '', map = ''] = code.split('//# sourceMappingURL=data:application/json;charset=utf-8;base64,');
  const { sources } = JSON.parse(Buffer.from(map, 'base64').toString()) as { sources: string[] };
  for (const text of [running, ...sources]) {
    expect(text).not.toContain(contentDir);
    expect(text).not.toContain(`${process.cwd()}/`);
  }
});

test('unchanged inputs are not bundled again, changed ones are', async () => {
  const contentDir = await contentOf({ one });
  const cacheDir = await scratchFolder();
  const built = await buildBundle({ contentDir, cacheDir });
  const [kept = ''] = await readdir(cacheDir);
  // One that is written anew is another file, which takes the name of the former.
  const { ino } = await stat(path.join(cacheDir, kept));
  expect(await buildBundle({ contentDir, cacheDir })).toEqual(built);
  expect((await stat(path.join(cacheDir, kept))).ino).toBe(ino);

  await writeContent(contentDir, { one: other });
  const second = await buildBundle({ contentDir, cacheDir });
  expect(second.version).not.toBe(built.version);
  await writeContent(contentDir, { two: one.replace("'one'", "'two'") });
  expect((await buildBundle({ contentDir, cacheDir })).version).not.toBe(second.version);
});

test('journeys are bundled also where nothing can be kept', async () => {
  const cacheDir = path.join(await scratchFolder(), 'a-file');
  await writeFile(cacheDir, '');
  const build = () => Promise.resolve({ version: 'one', code: 'two', inputs: [] });
  const built = cachedBundle({ cacheDir: path.join(cacheDir, 'cache'), files: [], packageRoot: '.' }, build);
  expect(await built).toEqual({ version: 'one', code: 'two' });
});

test('bundles on disk that nothing has used for 30 days are deleted when another is written', async () => {
  const cacheDir = await scratchFolder();
  const bundleFor = (file: string) =>
    cachedBundle({ cacheDir, files: [file], packageRoot: '.' }, () =>
      Promise.resolve({ version: file, code: '', inputs: [] }),
    );
  const age = (name: string) => utimes(path.join(cacheDir, name), new Date(0), new Date(0));
  for (const file of ['forgotten', 'used']) await bundleFor(file);
  await writeFile(path.join(cacheDir, 'bundle-0123456789abcdef.json.gz.4711'), 'half of one');
  await writeFile(path.join(cacheDir, 'bundle-notes.txt'), 'not ours');
  for (const name of await readdir(cacheDir)) await age(name);

  expect(await bundleFor('used')).toEqual({ version: 'used', code: '' });
  expect(await readdir(cacheDir)).toHaveLength(4);
  await bundleFor('new');
  const left = await readdir(cacheDir);
  expect(left).toContain('bundle-notes.txt');
  expect(left.filter((name) => name.endsWith('.gz'))).toHaveLength(2);
  expect(left).toHaveLength(3);
});

test('a bundle comes back from the store as it went in', async () => {
  const { db, drop } = await freshDatabase();
  try {
    const bundle = { version: 'abc', code: 'exports.x = "ü"'.repeat(1000) };
    await putBundle(db, bundle, Date.now());
    await putBundle(db, bundle, Date.now());
    expect(await getBundle(db, 'abc')).toEqual(bundle);
    expect(await getBundle(db, 'none')).toBeUndefined();
  } finally {
    await drop();
  }
});

describe('a journey that can not be bundled is named, with what to do', () => {
  const body = `body: async () => { void used; } };`;
  const journey = (top: string) => `${top}\nexport default { id: 'bad', header: { on: 'begun' }, ${body}`;
  test.each([
    ['a Node built-in', journey(`import * as used from 'node:fs';`), /workflows\/bad.ts: it imports 'node:fs'/],
    ['one without `node:`', journey(`import * as used from 'crypto';`), /workflows\/bad.ts: it imports 'crypto'/],
    ['a client', journey(`import * as used from '@temporalio/client';`), /imports '@temporalio\/client'/],
    [
      'a package that needs one',
      journey(`import used from 'nodemailer';`),
      /workflows\/bad.ts: it imports 'nodemailer'/,
    ],
    ['a missing file', journey(`import used from './nowhere';`), /workflows\/bad.ts: .*Can't resolve '.\/nowhere'/s],
    ['a syntax error', `export default {`, /workflows\/bad.ts: /],
    ['no default export', `export const used = 1;`, /workflows\/bad.ts: it has no default export/],
  ])('%s', async (_, bad, message) => {
    const contentDir = await contentOf({ bad });
    await expect(buildBundle({ contentDir })).rejects.toMatchObject({
      code: 'content_error',
      message: expect.stringMatching(message) as string,
    });
  });

  test('a built-in in a file that a journey imports', async () => {
    const contentDir = await contentOf({ bad: journey(`import { used } from './parts/inner';`) });
    await mkdir(path.join(contentDir, 'workflows/parts'));
    const inner = path.join(contentDir, 'workflows/parts/inner.ts');
    await writeFile(inner, `import { readFile } from 'fs/promises';\nexport const used = readFile;`);
    expect(await readFile(inner, 'utf8')).toContain('fs/promises');
    await expect(buildBundle({ contentDir })).rejects.toThrow(
      /workflows\/parts\/inner.ts: it imports 'fs\/promises'.*activities\//,
    );
  });

  test('no workflows folder', async () => {
    await expect(buildBundle({ contentDir: await scratchFolder() })).rejects.toThrow(/there is no such folder/);
  });
});
