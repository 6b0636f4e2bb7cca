/**
 * Built bundles on disk. One is used again only if every file that went into it is as it was, and `workflows/` holds
 * the same files. One that nothing has used for 30 days is deleted when another is written.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Bundle } from './bundle-store';

export interface CacheKey {
  cacheDir?: string;
  files: string[];
  packageRoot: string;
}

interface Kept extends Bundle {
  /** Hash of each input, by path. */
  inputs: Record<string, string>;
}

const unusedForMs = 30 * 24 * 60 * 60_000;
/** Finished ones, and halves that a process left which ended while it wrote. */
const ours = /^bundle-[0-9a-f]{16}\.json\.gz(\.\d+)?$/;

export async function cachedBundle(
  { cacheDir, files, packageRoot }: CacheKey,
  build: () => Promise<Bundle & { inputs: string[] }>,
): Promise<Bundle> {
  if (!cacheDir) return plain(await build());
  const name = createHash('sha256')
    .update(JSON.stringify([files, packageRoot]))
    .digest('hex')
    .slice(0, 16);
  const file = path.join(cacheDir, `bundle-${name}.json.gz`);
  const kept = await readKept(file);
  if (kept && (await isUnchanged(kept))) {
    const now = new Date();
    await utimes(file, now, now).catch(() => undefined); // somebody else's folder: whoever owns it sees to it
    return plain(kept);
  }
  const built = await build();
  // A folder that can't be written costs the next start some seconds, and nothing else; `doctor` says so.
  await keep(file, built, { files, packageRoot }).catch(() => undefined);
  return plain(built);
}

async function keep(
  file: string,
  built: Bundle & { inputs: string[] },
  { files, packageRoot }: Pick<CacheKey, 'files' | 'packageRoot'>,
): Promise<void> {
  const inputs = await hashes([...new Set([...built.inputs, ...files, ...ownFiles(packageRoot)])]);
  await mkdir(path.dirname(file), { recursive: true });
  const half = `${file}.${process.pid}`;
  await writeFile(half, gzipSync(JSON.stringify({ ...plain(built), inputs } satisfies Kept)));
  await rename(half, file);
  await prune(path.dirname(file));
}

const plain = ({ version, code }: Bundle): Bundle => ({ version, code });

/** How bundles are made is an input, too. */
const ownFiles = (packageRoot: string) =>
  ['bundle.ts', 'bundle-inspection.ts'].map((file) => path.join(packageRoot, 'src/runtime/worker', file));

async function readKept(file: string): Promise<Kept | undefined> {
  try {
    return JSON.parse(gunzipSync(await readFile(file)).toString('utf8')) as Kept; // ours: nobody else writes there
  } catch {
    return undefined; // none, or half of one: it is built again
  }
}

async function prune(cacheDir: string): Promise<void> {
  const names = await readdir(cacheDir);
  await Promise.all(
    names
      .filter((name) => ours.test(name))
      .map(async (name) => {
        const file = path.join(cacheDir, name);
        const used = await stat(file).catch(() => undefined); // another process was faster
        if (used && used.mtimeMs < Date.now() - unusedForMs) await rm(file, { force: true }).catch(() => undefined);
      }),
  );
}

async function isUnchanged({ inputs }: Kept): Promise<boolean> {
  const now = await hashes(Object.keys(inputs));
  return Object.entries(inputs).every(([file, hash]) => now[file] === hash);
}

async function hashes(files: string[]): Promise<Record<string, string>> {
  const pairs = await Promise.all(
    files.map(async (file) => {
      const content = await readFile(file).catch(() => undefined); // folders and what is gone
      return content && ([file, createHash('sha256').update(content).digest('base64url')] as const);
    }),
  );
  return Object.fromEntries(pairs.filter((pair) => pair !== undefined));
}
