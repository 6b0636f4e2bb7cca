/**
 * `npm run build`: builds the browser applications, all or those that are named. Each is built beside and then put in its
 * place, so that nobody reads half of one; what is half-built when it is ended is removed.
 */
import { rmSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'vite';
import { apps, sourcesFile, sourcesHash, type AppName } from './built-pages';
import { viteConfig } from './vite-config';

const isApp = (name: string): name is AppName => name in apps;

async function buildApp(name: AppName): Promise<void> {
  const { source, built } = apps[name];
  const hash = await sourcesHash(source);
  if (hash === undefined) throw new Error(`There are no sources in ${source}.`);
  const beside = `${built}.${process.pid}`;
  const former = `${beside}.former`;
  const clear = () => [beside, former].forEach((folder) => rmSync(folder, { recursive: true, force: true }));
  process.on('exit', clear);
  await mkdir(dirname(built), { recursive: true });
  try {
    await build(viteConfig(apps[name], beside));
    await writeFile(join(beside, sourcesFile), `${hash}\n`);
    await rename(built, former).catch(() => undefined);
    await rename(beside, built).catch((error: NodeJS.ErrnoException) => {
      // Another build of these sources was quicker: what it put there serves as well.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    clear();
  }
  process.stdout.write(`Built ${name} into ${built}\n`);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));

const named = process.argv.slice(2);
const unknown = named.find((name) => !isApp(name));
if (unknown !== undefined) {
  process.stderr.write(`There is no application '${unknown}'; there are ${Object.keys(apps).join(', ')}.\n`);
  process.exitCode = 1;
} else {
  for (const name of named.length > 0 ? named.filter(isApp) : (Object.keys(apps) as AppName[])) await buildApp(name);
}
