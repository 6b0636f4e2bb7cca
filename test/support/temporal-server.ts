/**
 * Temporal's real server and its schema tool, at the version of docker-compose.yml: built once with Go into Sojourn's
 * cache. Tests only look for them there, since a build takes minutes; `fetch-parts.ts` makes it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { defaultCacheDir } from '../../src/embedded';
import { isExecutable, onPath, output } from '../../src/embedded/executable';

export const temporalServerVersion = '1.29.1';

/** As `go install` names what it builds, and as the images name it. */
const programs = { server: 'temporal-server', sql: 'temporal-sql-tool' };
const packages = ['cmd/server', 'cmd/tools/sql'].map(
  (name) => `go.temporal.io/server/${name}@v${temporalServerVersion}`,
);

/** A folder for the PATH with both programs in it, or why there is none. */
export type FoundServer = { folder: string } | { reason: string };

export async function findTemporalServer(): Promise<FoundServer> {
  const folder = join(defaultCacheDir(), `temporal-server-${temporalServerVersion}`);
  for (const program of Object.values(programs)) {
    if (!(await isExecutable(join(folder, program)))) {
      return {
        reason: `Temporal's server is not in ${folder}: node bin/run.mjs test/support/fetch-parts.ts builds it`,
      };
    }
  }
  return { folder };
}

/** Builds both unless they are there; without Go, or when the build fails, says so. */
export async function buildTemporalServer({ log }: { log: (line: string) => void }): Promise<FoundServer> {
  const found = await findTemporalServer();
  if ('folder' in found) return found;
  const go = await onPath('go', process.env);
  if (go === undefined || (await output(go, ['version'])) === undefined) {
    return { reason: "Temporal's server: no Go on the PATH to build it with" };
  }
  const folder = join(defaultCacheDir(), `temporal-server-${temporalServerVersion}`);
  const half = `${folder}.half-${process.pid}`;
  await clearAbandoned(defaultCacheDir());
  await mkdir(half, { recursive: true });
  try {
    log(`Temporal's server: building it with Go (${packages.join(', ')}); this takes some minutes, once`);
    const failed = await install(go, half, log);
    if (failed) return { reason: `Temporal's server: ${failed}` };
    for (const [built, program] of Object.entries(programs)) await rename(join(half, built), join(half, program));
    await rm(folder, { recursive: true, force: true });
    await rename(half, folder);
    return { folder };
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

/** Removes what builds that were killed have left. */
async function clearAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache).catch(() => [])) {
    const pid = /^temporal-server-.*\.half-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(cache, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What went wrong, or undefined. */
async function install(go: string, folder: string, log: (line: string) => void): Promise<string | undefined> {
  const env = { ...process.env, GOBIN: folder, CGO_ENABLED: '0' };
  const child = spawn(go, ['install', '-v', ...packages], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const startedAt = Date.now();
  let steps = 0;
  let last = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    steps++;
    last = line;
  });
  const report = setInterval(() => {
    const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
    log(`Temporal's server: still building (${minutes} min, ${steps} steps, ${last})`);
  });
  try {
    await once(child, 'close');
  } finally {
    clearInterval(report);
  }
  return child.exitCode === 0 ? undefined : `go install failed (${last})`;
}
