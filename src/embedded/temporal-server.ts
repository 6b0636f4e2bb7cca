/**
 * Temporal's dev server as a part: executions kept in the data folder, its UI, Sojourn's namespace with its search
 * attributes, started again on the same ports when it dies, so that clients find it again.
 */
import { Connection } from '@temporalio/client';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PartError, type Log } from './errors';
import { freePort, isPortFree } from './port';
import { takeDownOrphan } from './process-record';
import { supervise } from './supervise';
import { addSearchAttributes, keepExecutionsFor } from './temporal-setup';

export interface EmbeddedTemporal {
  /** `127.0.0.1:7233` */
  address: string;
  /** `http://127.0.0.1:8233` */
  uiUrl: string;
  namespace: string;
  pid(): number | undefined;
  stop(): Promise<void>;
}

export interface TemporalOptions {
  /** The Temporal CLI: see `findTemporalCli`. */
  cli: string;
  dataDir: string;
  log: Log;
  /** Gives up the start at once. */
  signal?: AbortSignal;
  /** Whether it is started again when it dies; unset, it is. */
  restart?: boolean;
  namespace?: string;
  /** The port, when it must be this one; otherwise that of the last start, 7233, or a free one. */
  port?: number;
  uiPort?: number;
  /** Tests take any free port, to leave 7233 to people. */
  anyPort?: boolean;
  /** Further dynamic configuration of the server, as `--dynamic-config-value` takes it. */
  dynamicConfig?: Record<string, string>;
}

const part = 'Temporal';
const daysKept = 30;
const logLimitBytes = 10_000_000;

/**
 * One partition a task queue in place of four: on one machine partitions only add forwarding between them.
 * Versions and updates are on by default in the server that is pinned.
 */
const smallMachine: Record<string, string> = {
  'frontend.enableServerVersionCheck': 'false',
  'matching.numTaskqueueReadPartitions': '1',
  'matching.numTaskqueueWritePartitions': '1',
};

export async function startTemporal(options: TemporalOptions): Promise<EmbeddedTemporal> {
  const { cli, log, namespace = 'default' } = options;
  const dataDir = resolve(options.dataDir);
  // Histories hold what people did: nobody else may look into their folder.
  await mkdir(join(dataDir, 'temporal'), { recursive: true, mode: 0o700 });
  const recordFile = join(dataDir, 'temporal.pid');
  await takeDownOrphan(recordFile, part, { signal: 'SIGINT', withinMs: 10_000, log });
  const { port, uiPort } = await choosePorts(options, dataDir);
  const address = `127.0.0.1:${port}`;
  const logFile = await openLog(dataDir);

  const server = await supervise({
    part,
    command: cli,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)],
      ...['--namespace', namespace, '--db-filename', join(dataDir, 'temporal', 'temporal.db'), '--log-level', 'error'],
      ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=1'],
      ...Object.entries({ ...smallMachine, ...options.dynamicConfig }).flatMap(([name, value]) => [
        '--dynamic-config-value',
        `${name}=${value}`,
      ]),
    ],
    // Settings for clients of another Temporal must not reach this one.
    env: withoutTemporalSettings(process.env),
    ready: () => withConnection(address, (connection) => describe(connection, namespace)),
    readyWithinMs: 60_000,
    stopSignal: 'SIGINT',
    stopWithinMs: 10_000,
    recordFile,
    restart: options.restart,
    log,
    signal: options.signal,
    onLine: (line) => logFile.write(`${line}\n`),
    diagnose: (tail) => diagnose(tail, dataDir),
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    logFile.end();
  };
  try {
    await withConnection(address, async (connection) => {
      await addSearchAttributes(connection, namespace);
      await keepExecutionsFor(connection, namespace, daysKept);
    });
  } catch (error) {
    await stop();
    throw new PartError(
      part,
      `started, but can't be set up (${String(error)})`,
      `Its log is ${dataDir}/temporal/temporal.log.`,
    );
  }
  return { address, uiUrl: `http://127.0.0.1:${uiPort}`, namespace, pid: server.pid, stop };
}

async function describe(connection: Connection, namespace: string): Promise<void> {
  await connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.describeNamespace({ namespace }));
}

async function withConnection(address: string, use: (connection: Connection) => Promise<void>): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 1_000 });
  try {
    await use(connection);
  } finally {
    await connection.close();
  }
}

/** The last start's ports, so that links to the UI stay good; kept in `temporal.json`. */
async function choosePorts(options: TemporalOptions, dataDir: string): Promise<{ port: number; uiPort: number }> {
  const file = join(dataDir, 'temporal.json');
  const last = await readPorts(file);
  const usual = options.anyPort ? [] : [7233];
  const usualUi = options.anyPort ? [] : [8233];
  const chosen = {
    port: await choose(options.port, [...last.slice(0, 1), ...usual]),
    uiPort: await choose(options.uiPort, [...last.slice(1, 2), ...usualUi]),
  };
  await writeFile(file, JSON.stringify(chosen));
  return chosen;
}

async function choose(wanted: number | undefined, preferred: number[]): Promise<number> {
  if (wanted === undefined) return freePort(preferred);
  if (await isPortFree(wanted)) return wanted;
  throw new PartError(part, `port ${wanted} on 127.0.0.1 is taken by another program`, 'Stop it, and start again.');
}

async function readPorts(file: string): Promise<number[]> {
  try {
    const { port, uiPort } = JSON.parse(await readFile(file, 'utf8')) as { port: number; uiPort: number };
    return [port, uiPort].filter((each) => Number.isInteger(each));
  } catch {
    return [];
  }
}

/** The server's own log: what it says goes to a file, the last start's file is kept when it grew large. */
async function openLog(dataDir: string): Promise<NodeJS.WritableStream> {
  const file = join(dataDir, 'temporal', 'temporal.log');
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > logLimitBytes) await rename(file, `${file}.1`);
  return createWriteStream(file, { flags: 'a' });
}

function withoutTemporalSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

function diagnose(tail: string[], dataDir: string): PartError | undefined {
  const said = tail.join('\n');
  if (/file is not a database|malformed|disk image/.test(said)) {
    return new PartError(
      part,
      `its data in ${join(dataDir, 'temporal', 'temporal.db')} can't be used: it is damaged`,
      'Restore it from a backup, or remove the data folder, or name another in SOJOURN_DATA.',
    );
  }
  return undefined;
}
