/**
 * The browser applications, which Vite builds from `src/` into `dist/`. Each is found there, or is built first where its
 * sources have changed since and Vite is installed; it is then held in memory, so that a later build does not mix in.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface App {
  title: string;
  /** The folder of its sources. */
  source: string;
  /** Where it is built to. */
  built: string;
  /** The path that it is served at. */
  base: string;
}

export const apps = {
  pages: { title: 'Pages', source: join(root, 'src', 'pages'), built: join(root, 'dist', 'pages'), base: '/' },
  shop: { title: 'Shop', source: join(root, 'src', 'demo', 'shop'), built: join(root, 'dist', 'shop'), base: '/shop/' },
} as const satisfies Record<string, App>;
export type AppName = keyof typeof apps;

export interface Asset {
  type: string;
  body: Buffer;
  /** Where it is smaller so. */
  gzipped?: Buffer;
}

export interface BuiltApp {
  index: string;
  /** By path below the built folder: `assets/index-a1b2c3.js`. */
  assets: ReadonlyMap<string, Asset>;
}

export interface Unbuilt {
  /** Why there is nothing to serve, and what to do. */
  reason: string;
}

/** Beside what was built: of which sources. */
export const sourcesFile = 'sources.sha256';

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};
const compressible = new Set(['.js', '.css', '.svg', '.json', '.webmanifest']);
const shrink = promisify(gzip);

export interface BuiltAppOptions {
  /** Gets a line when it takes long. */
  say?: (line: string) => void;
  /** Ends a build at once: nobody waits for it any longer. */
  signal?: AbortSignal;
}

/** What was built, built anew where that is needed and possible. Throws the reason of `signal` once that is aborted. */
export async function builtApp(
  name: AppName,
  { say = () => {}, signal }: BuiltAppOptions = {},
): Promise<BuiltApp | Unbuilt> {
  const { built, source, title } = apps[name];
  const now = await sourcesHash(source);
  const then = await readFile(join(built, sourcesFile), 'utf8').catch(() => undefined);
  if (now !== undefined && then?.trim() !== now && hasVite()) {
    signal?.throwIfAborted();
    say(`${title}: building, which takes some seconds`);
    const fault = await build(name, signal);
    signal?.throwIfAborted();
    if (fault !== undefined) {
      say(`${title}: could not be built; what was built before is served, if anything. ${fault}`);
      return (await load(built)) ?? { reason: `They could not be built: ${fault} Run: npm run build` };
    }
  }
  return (await load(built)) ?? { reason: 'They were not built yet. Run: npm run build' };
}

/** Of all files below a folder, names and contents; undefined where there is no such folder. */
export async function sourcesHash(folder: string): Promise<string | undefined> {
  const files = await filesBelow(folder);
  if (files.length === 0) return undefined;
  const hash = createHash('sha256');
  for (const file of files) {
    const content = await readFile(join(folder, file));
    hash.update(JSON.stringify([file, content.length])).update(content);
  }
  return hash.digest('hex');
}

async function filesBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function hasVite(): boolean {
  try {
    createRequire(import.meta.url).resolve('vite');
    return true;
  } catch {
    return false;
  }
}

/** In a process of its own: Vite takes much memory, and sets NODE_ENV. Resolves with what went wrong, if anything. */
function build(name: AppName, signal?: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'bin', 'run.mjs'), join(root, 'src', 'web', 'build.ts'), name], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
      signal,
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2_000)));
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) =>
      resolve(code === 0 ? undefined : (errors.trim().split('\n').at(-1) ?? `exit ${code}.`)),
    );
  });
}

async function load(folder: string): Promise<BuiltApp | undefined> {
  const index = await readFile(join(folder, 'index.html'), 'utf8').catch(() => undefined);
  if (index === undefined) return undefined;
  const assets = new Map<string, Asset>();
  for (const file of await filesBelow(folder)) {
    const type = types[extname(file)];
    if (type === undefined) continue;
    const body = await readFile(join(folder, file));
    const gzipped = compressible.has(extname(file)) ? await shrink(body, { level: 9 }) : undefined;
    assets.set(file.replaceAll('\\', '/'), { type, body, ...(gzipped && gzipped.length < body.length && { gzipped }) });
  }
  return { index, assets };
}
