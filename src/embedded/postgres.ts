/**
 * The embedded PostgreSQL: real server binaries on a loopback port, its data kept in the data folder, started again
 * when it dies and shut down in order.
 */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import pg from 'pg';
import { PartError, type Log } from './errors';
import { freePort, isPortFree } from './port';
import { findPostgresBinaries } from './postgres-binaries';
import { broken, openCluster, readNote, writeNote } from './postgres-cluster';
import { isAlive, readRecord, takeDownOrphan } from './process-record';
import { supervise } from './supervise';
import { postgresUser } from './unix-user';

export interface EmbeddedPostgres {
  /** `postgres://sojourn:…@127.0.0.1:port/sojourn`. */
  url: string;
  port: number;
  pid(): number | undefined;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  dataDir: string;
  log: Log;
  /** Gives up the start at once. */
  signal?: AbortSignal;
  /** Whether it is started again when it dies; unset, it is. */
  restart?: boolean;
  /** The port, when it must be this one; otherwise the one of the last start, or a free one. */
  port?: number;
  /** Server settings besides ours: `{max_connections: '300'}`. */
  settings?: Record<string, string>;
  onLine?: (line: string) => void;
}

const part = 'PostgreSQL';
const database = 'sojourn';
/** Long, since all parts start at once; a server that is not ready, or gone, refuses without delay. */
const connectWithinMs = 30_000;

export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const { log } = options;
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const recordFile = recordIn(dataDir);
  const fast = { signal: 'SIGINT', withinMs: 20_000 } as const;
  await takeDownOrphan(recordFile, part, { ...fast, log });
  const user = await postgresUser();
  const binaries = await findPostgresBinaries(user);
  const note = await openCluster(dataDir, binaries, { user, log });
  options.signal?.throwIfAborted();
  const port = await choosePort(options.port, note.port);
  if (port !== note.port) await writeNote(dataDir, { ...note, port });

  const address = (name: string): string => addressOf({ password: note.password, port }, name);
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...options.settings };
  const server = await supervise({
    part,
    command: binaries.postgres,
    args: [
      '-D',
      note.folder,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    cwd: note.folder,
    env: { ...process.env, LC_ALL: 'C', PGDATA: undefined },
    user,
    ready: () => ask(address('postgres'), 'select 1').then(() => undefined),
    readyWithinMs: 60_000,
    stopSignal: fast.signal,
    stopWithinMs: fast.withinMs,
    recordFile,
    restart: options.restart,
    log,
    signal: options.signal,
    onLine: options.onLine,
    diagnose: (tail) => diagnose(tail, note.folder),
  });
  try {
    await makeDatabase(address('postgres'));
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { url: address(database), port, pid: server.pid, stop: server.stop };
}

/** The store that another process keeps running in this data folder, and that process; undefined when none does. */
export async function findRunningPostgres(dataDir: string): Promise<{ url: string; owner: number } | undefined> {
  const record = await readRecord(recordIn(dataDir));
  if (!record || !(await isAlive(record.child)) || !(await isAlive(record.owner))) return undefined;
  const note = await readNote(dataDir);
  if (note?.port === undefined) return undefined;
  return { url: addressOf({ password: note.password, port: note.port }, database), owner: record.owner.pid };
}

const recordIn = (dataDir: string): string => `${dataDir}/postgres.pid`;

const addressOf = ({ password, port }: { password: string; port: number }, name: string): string =>
  `postgres://sojourn:${password}@127.0.0.1:${port}/${name}`;

async function choosePort(wanted: number | undefined, last: number | undefined): Promise<number> {
  if (wanted === undefined) return freePort(last === undefined ? [] : [last]);
  if (await isPortFree(wanted)) return wanted;
  throw new PartError(part, `port ${wanted} on 127.0.0.1 is taken by another program`, 'Stop it, and start again.');
}

async function makeDatabase(url: string): Promise<void> {
  const found = await ask(url, `select 1 from pg_database where datname = '${database}'`);
  if (found === 0) await ask(url, `create database ${database}`);
}

/** Runs one statement on a connection of its own; returns the number of rows. */
async function ask(url: string, statement: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectWithinMs });
  // A connection lost while nobody waits on it is an event; the next statement tells.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(statement)).rowCount ?? 0;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function diagnose(tail: string[], folder: string): PartError | undefined {
  const said = tail.join('\n');
  if (/lock file "postmaster.pid" already exists/.test(said)) {
    return new PartError(
      part,
      `another PostgreSQL is running on ${folder}`,
      'Stop the Sojourn that started it, or name another folder in SOJOURN_DATA.',
    );
  }
  const fatal = tail.find((line) => /PANIC|invalid checkpoint|could not (open|read) file|checksum/.test(line));
  if (fatal !== undefined) return broken(folder, fatal.replace(/^.*(PANIC|FATAL|ERROR|LOG):\s*/, ''));
  return undefined;
}
