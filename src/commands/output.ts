/** How commands answer: JSON where it is asked for, else text; and an exit code that scripts can trust. */
import type { Command } from 'commander';
import { parseConfig, type Config } from '../config';
import { openDatabase, type Db } from '../db';
import { SojournError } from '../errors';

/** The folder with workflows/, activities/ and messages/: where the command is run. */
export const contentDir = (): string => process.cwd();

export function withJson(command: Command, example: string): Command {
  return command.option('--json', 'answer as JSON').addHelpText('after', `\nExample:\n  ${example}`);
}

export function print(json: boolean | undefined, value: unknown, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text}\n`);
}

/**
 * Runs a command: what people can mend is said in one line, without a stack. It then ends with the code 1, at once:
 * nobody waits for what a start had begun besides, as its bundle.
 */
export function run<A extends unknown[]>(work: (...args: A) => Promise<void>): (...args: A) => Promise<void> {
  return async (...args) => {
    try {
      await work(...args);
    } catch (error) {
      const known = error instanceof SojournError || isConnectionError(error);
      process.stderr.write(
        known ? `sojourn: ${messageOf(error)}\n` : `${error instanceof Error ? error.stack : String(error)}\n`,
      );
      process.exit(1);
    }
  };
}

/** Opens the store for one command: the one that DATABASE_URL names, or else that of the Sojourn running on the data folder. */
export async function withStore<T>(work: (db: Db) => Promise<T>): Promise<T> {
  const config = parseConfig(process.env);
  return withDatabase(config.databaseUrl ?? (await runningStore(config)), work);
}

/** As `withStore`, but of DATABASE_URL alone: for what must not happen to another store by mistake. */
export async function withNamedStore<T>(work: (db: Db) => Promise<T>): Promise<T> {
  const { databaseUrl } = parseConfig(process.env);
  if (databaseUrl === undefined) throw new NoStore(`DATABASE_URL is not set. ${nameTheStore}`);
  return withDatabase(databaseUrl, work);
}

const nameTheStore = 'Name the store, as in DATABASE_URL=postgres://user@host:5432/sojourn';

async function runningStore({ dataDir }: Config): Promise<string> {
  // Not for every command: it reads Temporal's client too.
  const { findRunningPostgres } = await import('../embedded');
  const running = await findRunningPostgres(dataDir);
  if (!running) {
    throw new NoStore(
      `DATABASE_URL is not set, and no Sojourn is running on ${dataDir}. ${nameTheStore}; ` +
        'or the data folder of one that is running, as in SOJOURN_DATA=.sojourn-demo for the demo',
    );
  }
  process.stderr.write(`The store in ${dataDir}, of the Sojourn that runs as process ${running.owner}\n`);
  return running.url;
}

async function withDatabase<T>(url: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = openDatabase({ url, maxConnections: 2 });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

class NoStore extends SojournError {
  readonly code = 'no_store';
}

function isConnectionError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^(E[A-Z]+|28|3D|57P|42P01)/.test(code);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error);
}
