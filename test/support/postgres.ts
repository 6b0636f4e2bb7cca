/** PostgreSQL for tests: a fresh migrated database on the shared server, or a server of one's own to kill. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { openDatabase, type Db } from '../../src/db';
import { startPostgres as startServer } from '../../src/embedded';
import { killAndWait } from './kill';
import { onDatabase, testLog } from './parts-host';
import { makeScratch, removeScratch } from './run-folder';
import { sharedPostgres } from './shared-parts';

export interface FreshDatabase {
  url: string;
  /** A pool on it, closed by `drop`. */
  db: Db;
  name: string;
  drop(): Promise<void>;
}

/** The shared server, started if it is not up yet. */
export async function startPostgres(): Promise<{ url: string }> {
  const { url } = await sharedPostgres();
  return { url };
}

/** A migrated database of its own. Call `drop` when done. */
export async function freshDatabase({ maxConnections = 20 } = {}): Promise<FreshDatabase> {
  const { url, template } = await sharedPostgres();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(url, `create database ${name} template ${template}`);
  const db = openDatabase({ url: onDatabase(url, name), maxConnections });
  return {
    url: onDatabase(url, name),
    db,
    name,
    drop: async () => {
      await db.destroy();
      await administer(url, `drop database if exists ${name} with (force)`);
    },
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: onDatabase(url, 'postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } catch (error) {
    // Two files at once may find the template in use for a moment.
    if (!(error instanceof pg.DatabaseError && error.code === '55006')) throw error;
    await client.query('select pg_sleep(0.2)');
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A part of a test's own: it may be killed, and started again with the same port and data. */
export interface OwnPart {
  url: string;
  port: number;
  pid(): number | undefined;
  /** SIGKILL; resolves when it is gone. It stays away until `start`. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** For good: its data is removed. */
  stop(): Promise<void>;
}

export interface OwnPostgres extends OwnPart {
  /** SIGSTOP to all of its processes: it takes connections and statements, and answers nothing until `goOn`. */
  hang(): void;
  goOn(): void;
}

/** A server of its own, as a stack has it (fsync on), with an empty database that is not migrated. */
export async function ownPostgres({ maxConnections = 300 } = {}): Promise<OwnPostgres> {
  const dataDir = await makeScratch('postgres');
  const settings = { max_connections: String(maxConnections) };
  const begin = (port?: number): ReturnType<typeof startServer> =>
    startServer({ dataDir, log: testLog, settings, port, restart: false });
  let server: Awaited<ReturnType<typeof startServer>> | undefined = await begin();
  const { url, port } = server;
  return {
    url,
    port,
    pid: () => server?.pid(),
    kill: async () => {
      await killAndWait(server);
      server = undefined;
    },
    start: async () => {
      server ??= await begin(port);
    },
    hang: () => signalAll(server?.pid(), 'SIGSTOP'),
    goOn: () => signalAll(server?.pid(), 'SIGCONT'),
    stop: async () => {
      await server?.stop();
      server = undefined;
      await removeScratch(dataDir);
    },
  };
}

/** To a server and the processes that it has made. */
function signalAll(pid: number | undefined, signal: 'SIGSTOP' | 'SIGCONT'): void {
  if (pid === undefined) return;
  const all = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const children = all.map((line) => line.trim().split(/ +/).map(Number)).filter(([, parent]) => parent === pid);
  for (const one of [pid, ...children.map(([child = 0]) => child)]) {
    try {
      process.kill(one, signal);
    } catch {
      // A process that has ended in between.
    }
  }
}

/** Whether the database answers. */
export async function answers(db: Db): Promise<boolean> {
  return sql`select 1`.execute(db).then(
    () => true,
    () => false,
  );
}
