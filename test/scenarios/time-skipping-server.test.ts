import { execFileSync } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchFolder, timeSkippingServer } from '../support';
import { startTimeSkippingServer } from './time-skipping-server';

async function script(folder: string, lines: string): Promise<string> {
  const path = join(folder, 'server');
  await writeFile(path, `#!/bin/sh\necho $$ >> ${folder}/pids\n${lines}\n`);
  await chmod(path, 0o755);
  return path;
}

/** The processes that the script became, if any of them is still there. */
async function left(folder: string): Promise<string[]> {
  const pids = (await readFile(join(folder, 'pids'), 'utf8')).trim().split('\n');
  const all = execFileSync('ps', ['-eo', 'pid='], { encoding: 'utf8' }).split('\n');
  return pids.filter((pid) => all.some((one) => one.trim() === pid));
}

test('a time-skipping server that fails once, and then needs longer than 5 s, is there in the end', async ({
  skip,
}) => {
  const found = await timeSkippingServer();
  if ('reason' in found) return skip(found.reason);
  const folder = await scratchFolder();
  const first = `if ! [ -e ${folder}/once ]; then touch ${folder}/once; exit 1; fi`;
  const path = await script(folder, `${first}\nsleep 6\nexec ${found.path} "$@"`);
  const server = await startTimeSkippingServer({ path });
  const before = await server.currentTimeMs();
  await server.sleep(24 * 60 * 60 * 1000);
  expect((await server.currentTimeMs()) - before).toBeGreaterThanOrEqual(24 * 60 * 60 * 1000);
  await server.close();
  expect(await left(folder)).toEqual([]);
});

test('one that never comes up is given up, and leaves no process', async () => {
  const folder = await scratchFolder();
  const path = await script(folder, 'exec sleep 60');
  await expect(startTimeSkippingServer({ path, readyWithinMs: 300, starts: 2 })).rejects.toThrow(/not ready within/);
  expect(await readFile(join(folder, 'pids'), 'utf8')).toMatch(/^\d+\n\d+\n$/);
  expect(await left(folder)).toEqual([]);
});
