/** The router's loop: finds people with pending events and decides them, some people a transaction. */
import { sql } from 'kysely';
import { idArray, type Db } from '../db';
import type { Decider } from './decide';
import { workUntilStopped, type Rounds, type WorkOptions } from './loop';

export interface RouterOptions extends WorkOptions {
  db: Db;
  decider: Decider;
  onDecided?: (events: number) => void;
  /** People in one transaction. */
  people?: number;
}

export function createRouter({ db, decider, idle, onDecided, onError, people = 50 }: RouterOptions): Rounds {
  /** People whose events could not be decided, and when they are tried again; they must not hide everybody else. */
  const resting = new Map<string, { until: number; failures: number }>();

  async function decideIsolated(ids: string[], { unlinked = false } = {}): Promise<number> {
    try {
      const decided = await decider.decide(ids, { skipLocked: true, unlinked });
      for (const id of ids) resting.delete(id);
      return decided;
    } catch (error) {
      onError?.(error);
      const [only] = ids;
      if (ids.length === 1 && only !== undefined) {
        const failures = (resting.get(only)?.failures ?? 0) + 1;
        resting.set(only, { until: Date.now() + Math.min(60_000, 500 * 2 ** failures), failures });
        return 0;
      }
      let decided = 0;
      for (const id of ids) decided += await decideIsolated([id]);
      return decided;
    }
  }

  async function round(): Promise<boolean> {
    const left = [...resting].filter(([, { until }]) => until > Date.now()).map(([id]) => id);
    const { rows } = await sql<{ person_id: string; linked: boolean }>`
      select distinct person_id, exists (select 1 from sojourn.pending where links is not null) as linked from (
        select person_id from sojourn.pending where person_id <> all(${idArray(left)})
        order by event_id limit 2000) as oldest`.execute(db);
    if (rows.length === 0) return false;
    // What this saw is too old for a second transaction: that one looks for links itself.
    const unlinked = rows.length <= people && !rows.some(({ linked }) => linked);
    let decided = 0;
    for (let from = 0; from < rows.length; from += people) {
      const ids = rows.slice(from, from + people).map((row) => row.person_id);
      decided += await decideIsolated(ids, { unlinked });
    }
    onDecided?.(decided);
    return true;
  }

  return workUntilStopped(round, { idle, onError });
}
