/**
 * Keeps the parts that one test run shares. They are started when a test file first asks, over loopback HTTP since
 * test files run in processes of their own, and stopped when the run is over.
 */
import { sql } from 'kysely';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findTemporalCli, startPostgres, startTemporal } from '../../src/embedded';
import { migrate, openDatabase } from '../../src/db';
import { makeScratch, removeScratch } from './run-folder';

export interface SharedPostgres {
  /** Of the superuser, on the database `sojourn`, which nobody uses. */
  url: string;
  /** The migrated database that others are made from. */
  template: string;
}

export interface SharedTemporal {
  address: string;
  uiUrl: string;
}

export interface PartsHost {
  postgres(): Promise<SharedPostgres>;
  temporal(): Promise<SharedTemporal>;
  /** Where other processes ask for them. */
  url: string;
  /** Stops them; returns the names of the databases that nobody dropped. */
  close(): Promise<string[]>;
}

/** Said on standard error and only when something is wrong or slow. */
export const testLog = (line: string): void => {
  if (!/making its data folder/.test(line)) process.stderr.write(`[parts] ${line}\n`);
};

/** Fast rather than safe: nobody kills the shared server, and its data is gone after the run. */
const postgresForTests = {
  max_connections: '300',
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
};

export async function openPartsHost(): Promise<PartsHost> {
  const folder = await makeScratch('parts');
  const stops: (() => Promise<void>)[] = [];
  const postgres = once(async () => {
    const server = await startPostgres({ dataDir: folder, log: testLog, settings: postgresForTests });
    stops.push(server.stop);
    const template = 'sojourn_template';
    const admin = openDatabase({ url: server.url, maxConnections: 1 });
    await sql.raw(`create database ${template}`).execute(admin);
    await admin.destroy();
    const made = openDatabase({ url: onDatabase(server.url, template), maxConnections: 1 });
    await migrate(made, Date.now());
    await made.destroy();
    return { url: server.url, template };
  });
  const temporal = once(async () => {
    const { path } = await findTemporalCli({ log: testLog });
    const server = await startTemporal({ cli: path, dataDir: folder, log: testLog, anyPort: true });
    stops.push(server.stop);
    return { address: server.address, uiUrl: server.uiUrl };
  });

  const server = createServer((request, response) => {
    const answer = request.url === '/postgres' ? postgres() : request.url === '/temporal' ? temporal() : undefined;
    Promise.resolve(answer).then(
      (part) => response.end(JSON.stringify(part ?? {})),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    postgres,
    temporal,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      // A part that is still starting is waited for, so that it can't be left behind.
      await Promise.allSettled([postgres.begun(), temporal.begun()]);
      const left = await postgres.begun()?.then(
        ({ url }) => testDatabases(url),
        () => [],
      );
      for (const stop of stops.reverse()) await stop();
      await removeScratch(folder);
      return left ?? [];
    },
  };
}

export function onDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function testDatabases(url: string): Promise<string[]> {
  const admin = openDatabase({ url, maxConnections: 1 });
  const { rows } = await sql<{ name: string }>`
    select datname as name from pg_database where datname like 'test\\_%'`.execute(admin);
  await admin.destroy();
  return rows.map(({ name }) => name);
}

interface Once<T> {
  (): Promise<T>;
  begun(): Promise<T> | undefined;
}

function once<T>(make: () => Promise<T>): Once<T> {
  let made: Promise<T> | undefined;
  return Object.assign(() => (made ??= make()), { begun: () => made });
}
