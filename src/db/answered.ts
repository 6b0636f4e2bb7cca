/**
 * A connection as its statements see it: one at a time, each answered within a limit. A server that hangs, and a network
 * that drops what it is given, say nothing at all; the connection is then given up, and its place in the pool is free.
 */
import type pg from 'pg';

/** What lifts the server's own limit lifts this one as well, until the connection goes back to the pool. */
const liftsTheLimit = /^set (local )?statement_timeout = 0$/;

export interface Answered {
  /** Rejects with the code ETIMEDOUT when there is no answer; whether the statement took effect is unknown then. */
  query(statement: string | pg.QueryConfig): Promise<pg.QueryResult>;
  isGivenUp(): boolean;
}

export function answered(client: pg.PoolClient, withinMs: number): Answered {
  let busy = false;
  let limited = true;
  let givenUp = false;

  return {
    isGivenUp: () => givenUp,
    async query(statement) {
      // pg would let it wait in a queue of its own, and will no longer.
      if (busy) throw new Error('A statement came before the last one on its connection was answered: await each.');
      busy = true;
      const text = typeof statement === 'string' ? statement : statement.text;
      if (liftsTheLimit.test(text)) limited = false;
      const late = () => {
        givenUp = true;
        // While a statement is under way this cuts the connection at once, and the statement rejects.
        void client.end();
      };
      const timer = limited ? setTimeout(late, withinMs) : undefined;
      try {
        return await client.query(statement);
      } catch (error) {
        if (!givenUp) throw error;
        const silent = new Error(`PostgreSQL did not answer within ${withinMs / 1_000} s`, { cause: error });
        throw Object.assign(silent, { code: 'ETIMEDOUT' });
      } finally {
        clearTimeout(timer);
        busy = false;
      }
    },
  };
}
