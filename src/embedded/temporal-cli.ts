/**
 * Finds the Temporal CLI, whose dev server is the embedded Temporal: on the PATH, in Sojourn's cache, by the SDK's own
 * download, or built with Go. Nothing is ever downloaded by an install script; this happens at a start, with progress.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PartError, type Log } from './errors';
import { defaultCacheDir, halfName, install, isExecutable, onPath, output } from './executable';
import { downloadTemporal } from './temporal-download';
import { isWritable } from './writable';

export interface FoundCli {
  path: string;
  from: 'PATH' | 'cache' | 'download' | 'go';
  version: string;
}

export interface FindOptions {
  log: Log;
  env?: NodeJS.ProcessEnv;
  cacheDir?: string;
  downloadOrigin?: string;
  downloadWithoutAnswerMs?: number;
  /** Only looks, in the PATH and the cache: for `doctor`. */
  lookOnly?: boolean;
  /** Gives up a download or build at once. */
  signal?: AbortSignal;
}

/** Later versions carry a `replace` in their go.mod, which `go install` refuses. */
const goPackage = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';

/** Throws one `PartError` that names all the ways when none works. */
export async function findTemporalCli(options: FindOptions): Promise<FoundCli> {
  const { env = process.env, cacheDir = defaultCacheDir(env) } = options;
  const tried: string[] = [];
  const checked = async (path: string, from: FoundCli['from']): Promise<FoundCli | undefined> => {
    const version = (await output(path, ['--version']))?.match(/temporal version .*/)?.[0];
    if (version !== undefined) return { path, from, version };
    tried.push(`${path} does not answer to --version as the Temporal CLI does`);
    return undefined;
  };

  const known = await onPath('temporal', env);
  const fromPath = known === undefined ? undefined : await checked(known, 'PATH');
  if (fromPath) return fromPath;
  if (known === undefined) tried.push('no temporal on the PATH');

  const folder = cliFolder(cacheDir);
  const place = join(folder, 'temporal');
  const cached = (await isExecutable(place)) ? await checked(place, 'cache') : undefined;
  if (cached) return cached;
  tried.push(`none in the cache (${place})`);
  if (options.lookOnly) throw nowhere(tried);
  if (!(await isWritable(folder))) {
    tried.push(`${folder}, where one would be put, can't be written`);
    throw nowhere(tried, 'Name a folder that can be in SOJOURN_CACHE, or put');
  }

  const ways = [
    ['download', () => download(place, options)],
    ['go', () => buildWithGo(place, env, options)],
  ] as const;
  for (const [from, way] of ways) {
    options.signal?.throwIfAborted();
    try {
      const found = await checked(await way(), from);
      if (found) return found;
    } catch (error) {
      tried.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw nowhere(tried);
}

/** Where in the cache a CLI is kept. */
export const cliFolder = (cacheDir: string): string => join(cacheDir, 'bin');

/** A CLI that was built with Go calls itself 0.0.0-DEV; the server in it is what counts. */
export function serverOf({ version }: Pick<FoundCli, 'version'>): string {
  const server = /\(Server ([\w.-]+)/.exec(version)?.[1];
  return server === undefined ? version : `server ${server}`;
}

function nowhere(tried: string[], so = 'Install Go so that Sojourn can build it, or put'): PartError {
  return new PartError(
    'Temporal',
    `its CLI is not found: ${tried.join('; ')}`,
    `${so} \`temporal\` on the PATH (https://docs.temporal.io/cli), or set TEMPORAL_ADDRESS to a server of your own.`,
  );
}

async function download(place: string, options: FindOptions): Promise<string> {
  const { log, downloadOrigin, downloadWithoutAnswerMs, signal } = options;
  log('Temporal: no CLI on the PATH or in the cache; asking temporal.download for it');
  try {
    return await downloadTemporal({
      program: 'cli',
      place,
      log: (line) => log(`Temporal: ${line}`),
      origin: downloadOrigin,
      withoutAnswerMs: downloadWithoutAnswerMs,
      signal,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log(`Temporal: the download failed (${why})`);
    throw new Error(`the download failed (${why})`, { cause: error });
  }
}

/** Builds the CLI, which takes some minutes the first time, and tells how far it is. */
async function buildWithGo(place: string, env: NodeJS.ProcessEnv, { log, signal }: FindOptions): Promise<string> {
  const go = await onPath('go', env);
  if (go === undefined) throw new Error('no Go on the PATH to build it with');
  log(`Temporal: building its CLI with Go (${goPackage}); this takes some minutes, once`);
  const folder = await halfName(place);
  await mkdir(folder);
  try {
    const child = spawn(go, ['install', '-v', goPackage], {
      env: { ...env, GOBIN: folder, CGO_ENABLED: '0' },
      signal,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const startedAt = Date.now();
    let count = 0;
    let last = '';
    const report = setInterval(() => {
      const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
      log(`Temporal: still building its CLI (${minutes} min, ${count} steps, ${last})`);
    }, 15_000);
    createInterface({ input: child.stderr }).on('line', (line) => {
      count++;
      last = line;
    });
    try {
      await once(child, 'close');
    } finally {
      clearInterval(report);
    }
    if (child.exitCode !== 0) throw new Error(`go install ${goPackage} failed (${last})`);
    return await install(join(folder, 'temporal'), place);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
