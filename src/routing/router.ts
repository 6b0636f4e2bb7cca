/** The router's loop: finds people with pending events and decides them, some people a transaction. */
import { sql } from 'kysely';
import type { Db } from '../db';
import type { Decider } from './decide';
import { loopUntilStopped, type Loop } from './loop';

export interface RouterOptions {
  db: Db;
  decider: Decider;
  /** Resolves when there may be something new, or after `ms`. */
  idle: (ms: number) => Promise<void>;
  onDecided?: (events: number) => void;
  onError?: (error: unknown) => void;
  /** People in one transaction. */
  people?: number;
}

const idleMs = 1_000;
/** After a round in which others held everybody: soon, but not at once. */
const heldMs = 25;

export function createRouter({ db, decider, idle, onDecided, onError, people = 50 }: RouterOptions): Loop {
  return loopUntilStopped(async () => {
    const { rows } = await sql<{ person_id: string }>`
      select distinct person_id from (select person_id from sojourn.pending order by event_id limit 2000) as oldest`.execute(
      db,
    );
    if (rows.length === 0) return idle(idleMs);
    let decided = 0;
    for (let from = 0; from < rows.length; from += people) {
      const ids = rows.slice(from, from + people).map((row) => row.person_id);
      decided += await decideIsolated(decider, ids, onError);
    }
    onDecided?.(decided);
    if (decided === 0) await idle(heldMs);
  }, onError);
}

/** One person whose events can't be decided must not stop the others: those are then decided one by one. */
async function decideIsolated(decider: Decider, ids: string[], onError?: (error: unknown) => void): Promise<number> {
  try {
    return await decider.decide(ids, { skipLocked: true });
  } catch (error) {
    onError?.(error);
    if (ids.length === 1) return 0;
    let decided = 0;
    for (const id of ids) decided += await decideIsolated(decider, [id], onError);
    return decided;
  }
}
