import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { scratchFolder } from '../support';
import { makeRunFolder } from '../support/run-folder';

afterEach(() => vi.unstubAllEnvs());

test('test runs that begin at once clear what one that was killed left behind, each in the way of the others', async () => {
  const temporary = await scratchFolder();
  const deep = Array.from({ length: 8 }, (_, part) => join(temporary, 'sojourn-run-killed', `part-${part}`, 'data'));
  for (const folder of deep) {
    await mkdir(folder, { recursive: true });
    for (let n = 0; n < 20; n++) await writeFile(join(folder, `file-${n}`), '');
  }
  // There was no process before the first one's start.
  await writeFile(join(temporary, 'sojourn-run-killed', 'owner.json'), JSON.stringify({ pid: 1, started: 'never' }));
  vi.stubEnv('TMPDIR', temporary);
  // All are waited for, so that none makes its folder elsewhere once the test has failed.
  const begun = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => sleep(n).then(makeRunFolder)));
  expect(begun.filter(({ status }) => status === 'rejected')).toEqual([]);
  const made = begun.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  expect((await readdir(temporary)).map((name) => join(temporary, name)).sort()).toEqual(made.sort());
});
