/** Which sources something was built of: what makes it be built anew. The build itself is run by whoever starts. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { apps, sourcesHash } from '../../src/web/built-pages';
import { scratchFolder } from '../support';

test('changes with a file’s content, name and number, and with nothing else', async () => {
  const folder = await scratchFolder();
  await mkdir(join(folder, 'parts'));
  await writeFile(join(folder, 'main.ts'), 'one');
  await writeFile(join(folder, 'parts', 'chip.ts'), 'two');
  const first = await sourcesHash(folder);
  await writeFile(join(folder, 'main.ts'), 'one');
  expect(await sourcesHash(folder)).toBe(first);

  await writeFile(join(folder, 'main.ts'), 'onf');
  expect(await sourcesHash(folder)).not.toBe(first);
  await writeFile(join(folder, 'main.ts'), 'one');
  await rename(join(folder, 'parts', 'chip.ts'), join(folder, 'parts', 'chop.ts'));
  expect(await sourcesHash(folder)).not.toBe(first);
  await rename(join(folder, 'parts', 'chop.ts'), join(folder, 'parts', 'chip.ts'));
  expect(await sourcesHash(folder)).toBe(first);
});

test('is not there for a folder that is not, as in a package without sources', async () => {
  expect(await sourcesHash('/nowhere')).toBeUndefined();
});

test('is known of each application', async () => {
  for (const { source } of Object.values(apps)) expect(await sourcesHash(source)).toMatch(/^[0-9a-f]{64}$/);
});
