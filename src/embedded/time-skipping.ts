/**
 * Finds Temporal's time-skipping test server: in Sojourn's cache, by the SDK's own download, or as Java archives that
 * Maven fetches, behind a small script. Where it can't be had, the reason is an answer, for tests to skip with.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Log } from './errors';
import { defaultCacheDir, halfName, isExecutable, onPath, output } from './executable';
import { downloadTemporal } from './temporal-download';

/** A server at `path` takes the port to listen on as its one argument. */
export type FoundTimeSkipping = { path: string } | { reason: string };

export interface FindTimeSkippingOptions {
  log: Log;
  env?: NodeJS.ProcessEnv;
  cacheDir?: string;
  downloadOrigin?: string;
  downloadWithoutAnswerMs?: number;
  /** Only looks in the cache: for `doctor`. */
  lookOnly?: boolean;
}

const version = '1.31.0';

export async function findTimeSkippingServer(options: FindTimeSkippingOptions): Promise<FoundTimeSkipping> {
  const { log, env = process.env, cacheDir = defaultCacheDir(env) } = options;
  const native = join(cacheDir, 'bin', 'temporal-test-server');
  if (await isExecutable(native)) return { path: native };
  const java = await onPath('java', env);
  const works = java !== undefined && (await output(java, ['-version'], env)) !== undefined;
  const jarFolder = join(cacheDir, `temporal-test-server-${version}`);
  const script = join(jarFolder, 'temporal-test-server');
  if (works && (await isExecutable(script))) return { path: script };
  if (options.lookOnly) return { reason: works ? 'not downloaded yet' : 'not downloaded yet, and no Java on the PATH' };

  const tried: string[] = [];
  try {
    const path = await downloadTemporal({
      program: 'temporal-test-server',
      place: native,
      log: (line) => log(`time-skipping server: ${line}`),
      origin: options.downloadOrigin,
      withoutAnswerMs: options.downloadWithoutAnswerMs,
    });
    return { path };
  } catch (error) {
    tried.push(`the SDK's download failed (${messageOf(error)})`);
  }
  if (!works) {
    return {
      reason: `no time-skipping server: ${tried.join('; ')}, and there is no Java on the PATH to run it with`,
    };
  }
  try {
    return { path: await installJars(jarFolder, env, options) };
  } catch (error) {
    tried.push(`Maven failed (${messageOf(error)})`);
    return { reason: `no time-skipping server: ${tried.join('; ')}` };
  }
}

/** Fills a folder of another name and renames it, so that one that is there is complete. */
async function installJars(folder: string, env: NodeJS.ProcessEnv, options: FindTimeSkippingOptions): Promise<string> {
  const half = await halfName(folder);
  await mkdir(half);
  try {
    const maven = await onPath('mvn', env);
    if (maven === undefined) throw new Error('there is no Maven on the PATH');
    options.log('time-skipping server: having Maven fetch its Java archives (33 MB), once');
    await copyWithMaven(maven, half, env);
    await verifyJars(half);
    await writeFile(join(half, 'temporal-test-server'), startScript, { mode: 0o755 });
    await rename(half, folder).catch(async (error: unknown) => {
      // Another process was first with an equal one.
      if (!(await isExecutable(join(folder, 'temporal-test-server')))) throw error;
    });
    return join(folder, 'temporal-test-server');
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

/** Short-lived and small: the first compiler alone, and one thread to collect garbage, have it up sooner. */
const startScript = `#!/bin/sh
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$(dirname "$0")/*" io.temporal.testserver.TestServer "$@"
`;

async function copyWithMaven(maven: string, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const pom = join(folder, 'pom.xml');
  await writeFile(
    pom,
    `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>sojourn</groupId><artifactId>time-skipping</artifactId><version>1</version><dependencies><dependency>
<groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId><version>${version}</version>
</dependency></dependencies></project>`,
  );
  const copy = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`, '-DincludeScope=runtime'];
  await promisify(execFile)(maven, ['-q', '-B', '-f', pom, ...copy], { env, timeout: 300_000 });
}

/** Each archive must be one of those known, unchanged. */
async function verifyJars(folder: string): Promise<void> {
  const pinned = await readFile(new URL('time-skipping-jars.json', import.meta.url), 'utf8');
  const known = new Map(
    Object.entries(JSON.parse(pinned) as Record<string, string>).map(([path, sha256]) => [basename(path), sha256]),
  );
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.jar'))) {
    const sha256 = createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex');
    if (known.get(name) !== sha256) throw new Error(`${name} is not what it should be`);
  }
}

/** The cause says more than "fetch failed". */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
