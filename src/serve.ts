/** `sojourn serve`: any subset of the roles against real parts, in one process. */
import { once } from 'node:events';
import pino, { type Logger } from 'pino';
import { parseConfig, requireProduction, type Env } from './config';
import { loadContent } from './content';
import { openCore } from './core';
import { pendingMigrations } from './db';
import { SojournError } from './errors';
import { startRouterRole, type Role } from './router';
import { startApiRole } from './server';
import { stopInOrder } from './stopping';
import { startWorkerRole, type WorkerRole } from './worker';

export const roles = ['api', 'router', 'worker'] as const;
export type RoleName = (typeof roles)[number];

/** The store's shape is older than this code. */
class NotMigrated extends SojournError {
  readonly code = 'not_migrated';
}

export interface Serving {
  /** Of the API, when it is one of the roles. */
  url?: string;
  stop(): Promise<void>;
}

/** How long a start waits for Temporal to give new runs to this version; the API takes events in meanwhile. */
const takeOverMs = 20_000;

async function takenOver({ ready, version }: WorkerRole, log: Logger): Promise<void> {
  const late = AbortSignal.timeout(takeOverMs);
  await Promise.race([ready, once(late, 'abort')]);
  if (late.aborted) log.warn({ version }, 'Temporal does not give new runs to this version yet; it is asked on');
}

export async function serve(names: readonly RoleName[], env: Env, contentDir: string): Promise<Serving> {
  const config = requireProduction(parseConfig(env), { sends: names.includes('worker') || names.includes('api') });
  const log: Logger = pino({ base: { roles: names.join(',') } });
  const content = await loadContent(contentDir);
  const missing = await pendingMigrations(config.databaseUrl);
  if (missing.length > 0) {
    throw new NotMigrated(`The store lacks ${missing.length} migration(s). Run: npx sojourn migrate`);
  }
  const core = await openCore({
    config,
    secrets: config,
    databaseUrl: config.databaseUrl,
    temporalAddress: config.temporal.address,
    // Required above of those who send.
    smtpUrl: config.smtpUrl ?? '',
    publicUrl: config.publicUrl,
    from: config.from,
    content,
    log,
  });
  const started: Role[] = [core];
  const stop = () => stopInOrder(started);
  try {
    // The way in opens first and closes last: what is accepted while the others are away waits in the store.
    const api = names.includes('api') ? await startApiRole(core) : undefined;
    if (api) started.push(api);
    if (names.includes('router')) started.push(await startRouterRole(core));
    if (names.includes('worker')) {
      const worker = await startWorkerRole(core);
      started.push(worker);
      await takenOver(worker, log);
    }
    return { url: api?.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
