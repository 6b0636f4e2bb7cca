/** The real parts that both sides of each bench share: PostgreSQL, a Temporal server, an SMTP peer. */
import { chmod, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { findTemporalCli, startPostgres, startTemporal } from '../src/embedded';
import { startProgram, type Child } from './child';
import { startTemporalOnPostgres } from './temporal-on-postgres';

export interface Parts {
  /** What Sojourn is started on: what ships, with the bench's journey in place of those that ship. */
  contentDir: string;
  databaseUrl: string;
  temporalAddress: string;
  smtp: Child;
  /** To count their processor time. */
  pids: Record<string, number>;
  /** As the environment of a program. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

/** Temporal's dev server on SQLite, or its real server on a PostgreSQL of its own. */
export const temporals = ['dev', 'postgres'] as const;

export async function startParts(kind: (typeof temporals)[number]): Promise<Parts> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sojourn-bench-'));
  await chmod(dataDir, 0o755); // started by root, PostgreSQL runs as another user, who must reach its folder
  const log = (line: string) => process.stderr.write(`  ${line}\n`);
  const stops: (() => Promise<void>)[] = [() => rm(dataDir, { recursive: true, force: true })];
  let stopping: Promise<void> | undefined;
  const stopAll = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  const stop = () => (stopping ??= stopAll());
  try {
    const postgres = await startPostgres({ dataDir, log });
    stops.push(() => postgres.stop());
    const temporal = await (kind === 'dev' ? startDevServer : startTemporalOnPostgres)({ dataDir, log });
    stops.push(() => temporal.stop());
    const smtp = await startProgram('load/smtp-peer.ts');
    stops.push(() => smtp.stop());
    const contentDir = await linkContent(join(dataDir, 'content'));
    const env = {
      DATABASE_URL: postgres.url,
      TEMPORAL_ADDRESS: temporal.address,
      SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
    };
    const pids = { postgres: postgres.pid() ?? 0, ...temporal.pids };
    return { contentDir, pids, databaseUrl: postgres.url, temporalAddress: temporal.address, smtp, env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startDevServer({ dataDir, log }: { dataDir: string; log: (line: string) => void }) {
  const { path: cli } = await findTemporalCli({ log });
  const { address, pid, stop } = await startTemporal({ cli, dataDir, log, anyPort: true });
  return { address, stop, pids: { temporal: pid() ?? 0 } };
}

async function linkContent(dir: string): Promise<string> {
  const root = new URL('..', import.meta.url).pathname;
  await mkdir(dir);
  await symlink(join(root, 'bench/journeys'), join(dir, 'workflows'));
  for (const name of ['activities', 'messages', 'events.ts']) await symlink(join(root, name), join(dir, name));
  return dir;
}

/** Asks PostgreSQL on a connection of its own. */
export async function asking(databaseUrl: string, ask: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await ask(client);
  } finally {
    await client.end();
  }
}
