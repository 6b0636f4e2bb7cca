/** `sojourn serve`: any subset of the roles against real parts, in one process. */
import { once } from 'node:events';
import { parseConfig, requireProduction, type Env } from './config';
import { loadContent, remarksOn } from './content';
import { openCore, type Core } from './core';
import { pendingMigrations } from './db';
import { SojournError } from './errors';
import { startHealthServer } from './health';
import { createLog } from './observe';
import { startRouterRole, type Role } from './router';
import { startApiRole } from './server';
import { stopInOrder } from './stopping';
import { startWorkerRole, type WorkerRole } from './worker';
import { troublesOf, type Working } from './working';

export const roles = ['api', 'router', 'worker'] as const;
export type RoleName = (typeof roles)[number];

/** The store's shape is older than this code. */
class NotMigrated extends SojournError {
  readonly code = 'not_migrated';
}

export interface Serving {
  /** Of the API, when it is one of the roles. */
  url?: string;
  /** What the worker waits for before it takes new runs; the other roles do their work meanwhile. */
  waitsFor?: string;
  stop(): Promise<void>;
}

/** How long a start waits for Temporal to give new runs to this version; the API takes events in meanwhile. */
const takeOverMs = 20_000;

/** Whether the worker has come to take new runs; what it waits for otherwise, and goes on to. */
async function takenOver(worker: WorkerRole, { log, temporalAddress }: Core, signal: AbortSignal) {
  const { ready, away, version } = worker;
  const enough = AbortSignal.any([AbortSignal.timeout(takeOverMs), signal]);
  if (enough.aborted) return undefined;
  const came = await Promise.race([
    ready.then(() => 'ready' as const).catch((error: unknown) => failUnless(signal.aborted, error)),
    away.then(() => 'away' as const),
    once(enough, 'abort').then(() => 'late' as const),
  ]);
  if (came === 'ready' || signal.aborted) return undefined;
  log.warn({ version }, 'Temporal does not give new runs to this version yet; it is asked on');
  ready.then(
    () => log.info({ version }, 'New runs start on this version'),
    (error: unknown) => log.debug({ err: error }, 'The worker was stopped before it took new runs'),
  );
  return `Temporal at ${temporalAddress}`;
}

function failUnless(expected: boolean, error: unknown): 'stopped' {
  if (expected) return 'stopped';
  throw error;
}

/** Stopped by the signal while it starts, it resolves with what was started by then, to be stopped in order. */
export async function serve(
  names: readonly RoleName[],
  env: Env,
  contentDir: string,
  signal: AbortSignal,
): Promise<Serving> {
  const config = requireProduction(parseConfig(env), { sends: names.includes('worker') || names.includes('api') });
  const log = createLog({ level: config.logLevel, base: { roles: names.join(',') } });
  const content = await loadContent(contentDir);
  // Where journeys run: the other roles are often processes of their own, and need not say it again.
  if (names.includes('worker')) {
    for (const { where: file, line, what, remedy } of await remarksOn(content)) log.warn({ file, line, remedy }, what);
  }
  const missing = await pendingMigrations(config.databaseUrl);
  if (missing.length > 0) {
    throw new NotMigrated(`The store lacks ${missing.length} migration(s). Run: npx sojourn migrate`);
  }
  const core = await openCore({
    config,
    secrets: config,
    databaseUrl: config.databaseUrl,
    temporalAddress: config.temporal.address,
    temporalUiUrl: config.temporalUiUrl,
    // Required above of those who send.
    smtpUrl: config.smtpUrl ?? '',
    publicUrl: config.publicUrl,
    from: config.from,
    content,
    log,
    env,
  });
  const working: Working = {};
  const own = names.filter((name) => name !== 'api');
  const troubles = troublesOf(own, working);
  const started: Role[] = [core];
  const stop = () => stopInOrder(started);
  try {
    // The way in opens first and closes last: what is accepted while the others are away waits in the store.
    const api = names.includes('api') ? await startApiRole(core, { troubles }) : undefined;
    if (api) started.push(api);
    if (config.metricsPort !== undefined && !signal.aborted) {
      started.push(await startHealthServer(core, { port: config.metricsPort, troubles }));
    }
    if (names.includes('router') && !signal.aborted) started.push((working.router = await startRouterRole(core)));
    if (!names.includes('worker') || signal.aborted) return { url: api?.url, stop };
    const worker = await startWorkerRole(core, { signal });
    started.push((working.worker = worker));
    return { url: api?.url, waitsFor: await takenOver(worker, core, signal), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
