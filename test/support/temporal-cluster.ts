/**
 * Temporal's real server on PostgreSQL, as docker-compose.yml runs it: its schema, its server and its namespace by the
 * commands of that file, on free ports of the loopback and a PostgreSQL that is given.
 */
import { dirname } from 'node:path';
import pg from 'pg';
import { findTemporalCli, isPortFree } from '../../src/embedded';
import { readCompose, type Service } from './compose-file';
import { filledIn } from './compose-variables';
import { startService, type ServiceProcess, type Surroundings } from './service-process';
import { findTemporalServer } from './temporal-server';

export interface TemporalCluster {
  /** `127.0.0.1:port` of its frontend. */
  address: string;
  server: ServiceProcess;
  stop(): Promise<void>;
}

/** The services of docker-compose.yml that are Temporal's, in the order in which they are run. */
export const clusterServices = ['temporal-schema', 'temporal', 'temporal-namespace'] as const;

export interface ClusterSurroundings extends Surroundings {
  address: string;
}

/**
 * What Temporal's services find on this machine. Throws when its server is not here: ask `findTemporalServer` first.
 */
export async function clusterSurroundings(postgresUrl: string, log: (line: string) => void) {
  const found = await findTemporalServer();
  if ('reason' in found) throw new Error(found.reason);
  const { path: cli } = await findTemporalCli({ log });
  const names = ['FRONTEND', 'HISTORY', 'MATCHING', 'WORKER'];
  const ports = await freePorts([
    ...names.flatMap((name) => [`${name}_PORT`, `${name}_MEMBERSHIP_PORT`]),
    'FRONTEND_HTTP_PORT',
  ]);
  const { hostname, port } = new URL(postgresUrl);
  const address = `127.0.0.1:${ports['FRONTEND_PORT']}`;
  return {
    address,
    folder: new URL('../..', import.meta.url).pathname,
    replace: {
      'temporal-postgres:5432': `${hostname}:${port}`,
      'temporal:7233': address,
      '127.0.0.1:7243': `127.0.0.1:${ports['FRONTEND_HTTP_PORT']}`,
      '0.0.0.0': '127.0.0.1',
    },
    environment: { ...ports, PATH: [found.folder, dirname(cli), process.env.PATH].join(':') },
  } satisfies ClusterSurroundings;
}

/**
 * Ports that are free together, each by the name of the variable that takes it. Below those that the system gives to
 * outgoing connections, so that none is gone again when the server comes to it.
 */
async function freePorts(names: string[]): Promise<Record<string, string>> {
  const first = 20_000 + Math.floor(Math.random() * 11_000);
  const given: [string, string][] = [];
  for (let port = first; given.length < names.length; port++) {
    if (await isPortFree(port)) given.push([names[given.length]!, String(port)]);
  }
  return Object.fromEntries(given);
}

/** What the image's entry point does with these settings: the user, who is a superuser, and the database. */
export async function prepareStore(url: string, { environment }: Service): Promise<void> {
  const { POSTGRES_USER: user = '', POSTGRES_DB: database = '', POSTGRES_PASSWORD: password = '' } = environment;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const [name, secret] = [client.escapeIdentifier(user), client.escapeLiteral(password)];
    await client.query(
      `do $$ begin if not exists (select from pg_roles where rolname = ${client.escapeLiteral(user)}) then
         create role ${name} superuser login; end if; end $$`,
    );
    await client.query(`alter role ${name} superuser login password ${secret}`);
    const there = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (there.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)} owner ${name}`);
  } finally {
    await client.end();
  }
}

/** Runs a service that ends by itself, and wants it to end well. */
export async function runToEnd(service: Service, around: Surroundings): Promise<void> {
  const { ended, output } = await startService(service, around).ended();
  if (ended !== 0) throw new Error(`${service.name} ended with ${ended}:\n${output.slice(-3_000)}`);
}

/** Temporal alone, for whoever has other plans with the rest. */
export async function startTemporalCluster(options: {
  /** A superuser's address of a PostgreSQL; Temporal gets two databases of its own there. */
  postgresUrl: string;
  log: (line: string) => void;
}): Promise<TemporalCluster> {
  const services = readCompose(filledIn());
  const around = await clusterSurroundings(options.postgresUrl, options.log);
  await prepareStore(options.postgresUrl, services['temporal-postgres']!);
  await runToEnd(services['temporal-schema']!, around);
  const server = startService(services['temporal']!, around);
  try {
    await server.healthy(60_000);
    await runToEnd(services['temporal-namespace']!, around);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { address: around.address, server, stop: async () => void (await server.stop()) };
}
