/** How a start ends that fails, is stopped on its way, or loses its terminal: with nothing half-made and nothing running. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, readdir, realpath, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { freePort } from '../../src/embedded';
import { takeDataFolder } from '../../src/embedded/data-folder';
import { root } from '../house/sources';
import { scratchFolder, until } from '../support';

/** This repository as it is cloned: nothing is built yet. */
let clone: string;
beforeAll(async () => {
  clone = await scratchFolder();
  const folders = ['src', 'bin', 'workflows', 'activities', 'messages'];
  const parts = [...folders, 'events.ts', 'sojourn.ts', 'package.json', 'tsconfig.json'];
  for (const part of parts) await cp(join(root, part), join(clone, part), { recursive: true });
  await symlink(await realpath(join(root, 'node_modules')), join(clone, 'node_modules'));
});

/** On a busy machine a build takes minutes. */
const withinMs = 300_000;
vi.setConfig({ testTimeout: 2 * withinMs });

const begun: ChildProcess[] = [];
afterEach(() => begun.splice(0).forEach((child) => child.kill('SIGKILL')));

async function start(command: string, dataDir: string) {
  const env = { ...process.env, PORT: String(await freePort()), SOJOURN_DATA: dataDir };
  const child = spawn(process.execPath, ['bin/sojourn.mjs', command], { cwd: clone, env });
  begun.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'exit').then(([code]: (number | null)[]) => code);
  const says = (words: string) =>
    until(() => said.includes(words) || child.exitCode !== null, { withinMs, what: words });
  return { child, ended, says, said: () => said };
}

const filesIn = async (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
/** Which parts are recorded as running, and what is half-made. */
const leftIn = async (dataDir: string): Promise<string[]> =>
  (await filesIn(dataDir)).filter((name) => /^(sojourn|postgres|temporal)\.pid|half/.test(name));

/** What stands in `dist/` once nothing builds there any longer: half or whole. */
async function builtIn(): Promise<string[]> {
  const running = async () => (await promisify(execFile)('ps', ['-A', '-o', 'args='])).stdout;
  await until(async () => !(await running()).includes(join(clone, 'src/web/build.ts')), { withinMs, what: 'its end' });
  return filesIn(join(clone, 'dist'));
}

test('a start that fails ends before its pages are built, and nobody waits for it', async () => {
  const dataDir = await scratchFolder();
  const folder = await takeDataFolder(dataDir);
  const { ended, said } = await start('demo', dataDir);
  expect(await ended).toBe(1);
  await folder.release();
  expect(said()).toContain(`${dataDir} is in use by another Sojourn (process ${process.pid})`);
  expect(await filesIn(dataDir)).not.toContain('stopping.pid');
  expect(await builtIn()).toEqual([]);
});

test('a start that is stopped while it builds leaves no half of anything', async () => {
  const dataDir = await scratchFolder();
  const { child, ended, says } = await start('demo', dataDir);
  await says('building, which takes some seconds');
  await until(async () => (await filesIn(join(clone, 'dist'))).length > 0, { withinMs, what: 'a build' });
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(await leftIn(dataDir)).toEqual([]);
  expect(await builtIn()).toEqual([]);
});

test('a stack whose terminal is closed stops its parts', async () => {
  const dataDir = await scratchFolder();
  const { child, ended, says } = await start('start', dataDir);
  await says('Worker: ready');
  expect(await leftIn(dataDir)).toHaveLength(3);
  child.stdout.destroy();
  child.stderr.destroy();
  child.kill('SIGHUP');
  expect(await ended).toBe(0);
  expect(await leftIn(dataDir)).toEqual([]);
});
