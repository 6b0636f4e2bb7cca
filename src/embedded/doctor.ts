/** Looks at every part that the settings ask for and says what is found and what is not. It starts and changes nothing. */
import { Connection } from '@temporalio/client';
import { stat } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import pg from 'pg';
import type { Config } from '../config';
import { PartError } from './errors';
import { needPort } from './port';
import { findPostgresBinaries } from './postgres-binaries';
import { examineCluster } from './postgres-cluster';
import { isAlive, readRecord } from './process-record';
import { cliFolder, findTemporalCli, serverOf } from './temporal-cli';
import { missingSearchAttributes } from './temporal-setup';
import { findTimeSkippingServer } from './time-skipping';
import { isWritable } from './writable';

export interface Finding {
  part: string;
  /** `missing`: not there, and got or made when needed, or not needed; `problem`: a start fails or works badly. */
  state: 'ok' | 'missing' | 'problem';
  detail: string;
  remedy?: string;
}

const patienceMs = 5_000;

/** Every finding, in a fixed order; never throws for what it looks at. */
export async function examine(config: Config): Promise<Finding[]> {
  const running = await runningSojourn(config.dataDir);
  const findings = await Promise.all([
    examineNode(),
    examineDataFolder(config.dataDir, running),
    examineCache(config.cacheDir),
    config.databaseUrl ? guarded('PostgreSQL', realPostgres(config.databaseUrl)) : embeddedPostgres(config),
    config.temporal.address ? guarded('Temporal', realTemporal(config)) : embeddedTemporal(config),
    timeSkipping(config),
    config.smtpUrl ? guarded('SMTP', realSmtp(config.smtpUrl)) : inbox(),
    examinePort(config, running),
  ]);
  return findings.flat();
}

async function examineNode(): Promise<Finding> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > 20 || (major === 20 && minor >= 19);
  const detail = `${process.version} on ${process.platform}-${process.arch}`;
  return fits
    ? { part: 'Node.js', state: 'ok', detail }
    : { part: 'Node.js', state: 'problem', detail, remedy: 'Sojourn needs Node.js 20.19 or newer.' };
}

/** The process that has the data folder now. */
async function runningSojourn(dataDir: string): Promise<number | undefined> {
  const record = await readRecord(join(dataDir, 'sojourn.pid'));
  return record && (await isAlive(record.owner)) ? record.owner.pid : undefined;
}

async function examineDataFolder(dataDir: string, running: number | undefined): Promise<Finding> {
  const part = 'data folder';
  const there = await stat(dataDir).catch(() => undefined);
  if (there && !there.isDirectory()) {
    return { part, state: 'problem', detail: `${dataDir} is no folder`, remedy: 'Name a folder in SOJOURN_DATA.' };
  }
  if (!(await isWritable(dataDir))) {
    return { part, state: 'problem', detail: `${dataDir} can't be written`, remedy: 'Name another in SOJOURN_DATA.' };
  }
  if (running !== undefined) return { part, state: 'ok', detail: `${dataDir}, in use by process ${running}` };
  return there
    ? { part, state: 'ok', detail: dataDir }
    : { part, state: 'missing', detail: `${dataDir}, made at the first start` };
}

/** What is kept there can be had again, so that a start does without, unless it has the Temporal CLI to put there. */
async function examineCache(cacheDir: string): Promise<Finding> {
  const part = 'cache';
  if (await isWritable(cacheDir)) return { part, state: 'ok', detail: cacheDir };
  const detail = `${cacheDir} can't be written: each start bundles the journeys anew, which takes some seconds`;
  return { part, state: 'missing', detail, remedy: 'Name another in SOJOURN_CACHE.' };
}

async function embeddedPostgres(config: Config): Promise<Finding> {
  const part = 'PostgreSQL';
  try {
    const { version } = await findPostgresBinaries();
    const cluster = await examineCluster(join(config.dataDir, 'postgres'), version);
    return {
      part,
      state: 'ok',
      detail: `${release(version)} (embedded), its data ${cluster === 'complete' ? 'complete' : 'not made yet'}`,
    };
  } catch (error) {
    return problem(part, error);
  }
}

async function realPostgres(url: string): Promise<Finding> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: patienceMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return {
      part: 'PostgreSQL',
      state: 'ok',
      detail: `DATABASE_URL answers: PostgreSQL ${rows[0]?.server_version ?? ''}`,
    };
  } catch (error) {
    throw new PartError(
      'PostgreSQL',
      `DATABASE_URL does not answer (${said(error)})`,
      'Look at its host, port, user and database.',
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function embeddedTemporal(config: Config): Promise<Finding> {
  const part = 'Temporal';
  try {
    const found = await findTemporalCli({ log: () => undefined, cacheDir: config.cacheDir, lookOnly: true });
    return { part, state: 'ok', detail: `${serverOf(found)} (${found.path})` };
  } catch {
    const folder = cliFolder(config.cacheDir);
    const detail = `its CLI is neither on the PATH nor in ${folder}`;
    if (!(await isWritable(folder))) {
      const remedy = 'Name a folder that can be written in SOJOURN_CACHE, or put `temporal` on the PATH.';
      return { part, state: 'problem', detail: `${detail}, which can't be written`, remedy };
    }
    return { part, state: 'missing', detail, remedy: 'The next start downloads it, or builds it with Go.' };
  }
}

async function realTemporal(config: Config): Promise<Finding[]> {
  const { address, namespace, apiKey, tls, metadata } = config.temporal;
  const part = 'Temporal';
  let connection: Connection;
  try {
    connection = await Connection.connect({ address, apiKey, tls, metadata, connectTimeout: patienceMs });
  } catch (error) {
    throw new PartError(
      part,
      `TEMPORAL_ADDRESS ${address} does not answer (${said(error)})`,
      'Look at its host, port and TLS.',
    );
  }
  try {
    await connection.withDeadline(Date.now() + patienceMs, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    const missing = await missingSearchAttributes(connection, namespace);
    return [
      { part, state: 'ok', detail: `${address} answers, and has the namespace ${namespace}` },
      missing.length === 0
        ? { part: 'search attributes', state: 'ok', detail: 'all are known' }
        : {
            part: 'search attributes',
            state: 'problem',
            detail: `${missing.join(', ')} unknown in the namespace ${namespace}; runs do without them`,
            remedy: `temporal operator search-attribute create ${missing.map((name) => `--name ${name} --type Keyword`).join(' ')}`,
          },
    ];
  } catch (error) {
    throw new PartError(
      part,
      `${address} answers, but not for the namespace ${namespace} (${said(error)})`,
      'Look at TEMPORAL_NAMESPACE.',
    );
  } finally {
    await connection.close();
  }
}

/** Of the package's version, `18.4.0-beta.17`, what PostgreSQL itself calls it. */
const release = (version: string): string => /^\d+\.\d+/.exec(version)?.[0] ?? version;

/** Only tests need it. */
async function timeSkipping(config: Config): Promise<Finding> {
  const part = 'time-skipping test server';
  const found = await findTimeSkippingServer({ log: () => undefined, cacheDir: config.cacheDir, lookOnly: true });
  if ('path' in found) return { part, state: 'ok', detail: found.path };
  return { part, state: 'missing', detail: found.reason, remedy: 'Only tests need it; they download it.' };
}

async function inbox(): Promise<Finding> {
  return { part: 'SMTP', state: 'ok', detail: 'the built-in inbox (SMTP_URL is not set)' };
}

/** Waits for the server's greeting: an open port alone may be anything. */
async function realSmtp(url: string): Promise<Finding> {
  const { hostname, port, protocol } = new URL(url);
  const number = port === '' ? (protocol === 'smtps:' ? 465 : 587) : Number(port);
  const where = `${hostname}:${number}`;
  const socket = connectTcp({ host: hostname, port: number });
  try {
    const signal = AbortSignal.timeout(patienceMs);
    await once(socket, protocol === 'smtps:' ? 'connect' : 'data', { signal });
    return { part: 'SMTP', state: 'ok', detail: `${where} answers` };
  } catch (error) {
    throw new PartError('SMTP', `SMTP_URL: ${where} does not answer (${said(error)})`, 'Look at its host and port.');
  } finally {
    socket.destroy();
  }
}

async function examinePort({ port, host }: Config, running: number | undefined): Promise<Finding> {
  try {
    await needPort(port, host, 'PORT');
    return { part: 'port', state: 'ok', detail: `${port} is free` };
  } catch (error) {
    if (running === undefined) return problem('port', error);
    return { part: 'port', state: 'ok', detail: `${port}, in use, as process ${running} runs` };
  }
}

async function guarded<T extends Finding | Finding[]>(part: string, looking: Promise<T>): Promise<T | Finding> {
  return looking.catch((error: unknown) => problem(part, error));
}

function problem(part: string, error: unknown): Finding {
  if (error instanceof PartError) return { part, state: 'problem', detail: error.what, remedy: error.remedy };
  return { part, state: 'problem', detail: said(error) };
}

/** An aggregate of refused connections has no message of its own. */
function said(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error.name === 'AbortError') return `nothing within ${patienceMs / 1000} s`;
  return error.message || code || error.name;
}
