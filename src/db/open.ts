/** The one way to PostgreSQL: a pool of connections behind Kysely, with the `sojourn` schema in front. */
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { preparing } from './prepared';
import type { Database } from './schema';

export type Db = Kysely<Database>;
export type Tx = Transaction<Database>;

export interface OpenOptions {
  url: string;
  maxConnections?: number;
  /** Wall milliseconds that a connection may take; 5,000 unless given. */
  connectWithinMs?: number;
  /** Wall milliseconds within which a statement must be answered; 35,000 unless given. */
  answerWithinMs?: number;
  /** Told of connections that were lost; the pool replaces them by itself. */
  onConnectionLost?: (error: Error) => void;
  /** Told how to see which connections are in use. */
  onPool?: (counts: () => { total: number; idle: number; waiting: number }) => void;
}

/** PostgreSQL ends by itself what takes longer, unless `set statement_timeout = 0` was said before. */
const statementLimitMs = 30_000;

/**
 * Opens a pool. Nothing is connected until the first statement, so a database that is away shows there.
 * A statement may take 30 s and a connection 5 s; both are then errors of the call that wanted them. A connection that
 * gives no answer for 5 s more is given up.
 */
export function openDatabase(options: OpenOptions): Db {
  const { url, maxConnections = 10, connectWithinMs = 5_000, onConnectionLost, onPool } = options;
  const { answerWithinMs = statementLimitMs + 5_000 } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: connectWithinMs,
    statement_timeout: statementLimitMs,
    idle_in_transaction_session_timeout: 30_000,
    // Finds a peer that is gone also where nobody waits for an answer, or is ready to wait for hours.
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    application_name: 'sojourn',
  });
  onPool?.(() => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }));
  pool.on('error', (error) => onConnectionLost?.(error));
  // A connection lost between two statements of a transaction tells nobody else; unheard, it would end the process.
  pool.on('connect', (client) => client.on('error', (error) => onConnectionLost?.(error)));
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool: preparing(pool, answerWithinMs) }) }).withSchema(
    'sojourn',
  );
}
