/**
 * A pool for Kysely. Statements that come again and again are prepared, so that PostgreSQL parses and plans them once a
 * connection and not each time: on a partitioned table, planning costs more than reading a few rows.
 */
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';
import { answered } from './answered';

/** How often a text must have come before it is worth a place. */
const hotAfter = 20;
/**
 * A plan is made for the tables as they are, and a new store's outgrow it long before the server counts their rows, which
 * it does once a minute. So a connection's plans are thrown away after this long, and then each time after twice as long.
 */
const planAgainAfterMs = 2_000;
const planAgainAtLeastEachMs = 60_000;
/** The most statements prepared on a connection: plans take memory there. */
const preparedAtMost = 150;
const textsCounted = 5_000;

/**
 * Statements outside a transaction run at READ COMMITTED, too, whatever the server's default: one that waited for a row
 * takes it as it is then, where under REPEATABLE READ it would fail.
 */
const readCommitted = "set default_transaction_isolation = 'read committed'";

/** A pool for Kysely whose connections prepare what is asked often, and are answered within that long. */
export function preparing(pool: pg.Pool, answerWithinMs: number): PostgresPool {
  const seen = new Map<string, number>();
  const names = new Map<string, string>();
  const plans = new WeakMap<pg.PoolClient, { goodForMs: number; until: number }>();

  /** What is to be said on a connection before what it was asked for. */
  function preamble(client: pg.PoolClient): string | undefined {
    const now = performance.now();
    const made = plans.get(client);
    if (made && now <= made.until) return undefined;
    const goodForMs = made ? Math.min(2 * made.goodForMs, planAgainAtLeastEachMs) : planAgainAfterMs;
    plans.set(client, { goodForMs, until: now + goodForMs });
    return made ? 'discard plans' : readCommitted;
  }

  function nameOf(text: string): string | undefined {
    const known = names.get(text);
    if (known !== undefined || names.size >= preparedAtMost) return known;
    const count = (seen.get(text) ?? 0) + 1;
    if (count < hotAfter) {
      if (seen.size >= textsCounted) seen.clear();
      seen.set(text, count);
      return undefined;
    }
    seen.delete(text);
    const name = `sojourn_${names.size}`;
    names.set(text, name);
    return name;
  }

  return {
    end: () => pool.end(),
    async connect(): Promise<PostgresPoolClient> {
      const client = await pool.connect();
      const connection = answered(client, answerWithinMs);
      let stale = false;
      const first = preamble(client);
      try {
        if (first) await connection.query(first);
      } catch (error) {
        client.release(true);
        throw error;
      }
      const query = async (text: string, values: readonly unknown[] = []) => {
        if (values.length === 0) return connection.query(text);
        try {
          return await connection.query({ name: nameOf(text), text, values: [...values] });
        } catch (error) {
          // A migration changed what a prepared statement returns: the connection is given up, and the next plans anew.
          if (error instanceof Error && 'code' in error && error.code === '0A000') stale = true;
          throw error;
        }
      };
      const release = () => client.release(stale || connection.isGivenUp());
      // Kysely's second way to ask, with a cursor, is used by nothing here.
      return { query: query as unknown as PostgresPoolClient['query'], release };
    },
  };
}
