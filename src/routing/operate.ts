/** What operators do to runs: stop one, pause and resume a journey. Under the person's lock, with a number (P5). */
import { lockPeople, nextNumbers, type Db } from '../db';
import type { Clock } from '../clock';
import type { Catalog, Mode } from './catalog';
import { endRun } from '../runs';
import { enqueue } from './outbox';

export interface Operator {
  /** Ends a live run. False if there is no such live run. Once resolved, no attempt of it is claimed any more. */
  stopRun(runId: string, reason: string): Promise<boolean>;
  /** Sets the mode of a journey; runs whose sends were held are told to try again. */
  setMode(journey: string, mode: Mode | null): Promise<void>;
}

export interface OperatorOptions {
  db: Db;
  clock: Clock;
  catalog: Catalog;
  onDeliveries?: () => void;
}

export function createOperator({ db, clock, catalog, onDeliveries }: OperatorOptions): Operator {
  async function wakeHeldRuns(journey: string): Promise<void> {
    const held = await db
      .selectFrom('sends')
      .innerJoin('runs', 'runs.id', 'sends.run_id')
      .select(['runs.id', 'runs.person_id'])
      .distinct()
      .where('sends.state', '=', 'held')
      .where('sends.journey', '=', journey)
      .where('runs.state', '=', 'live')
      .execute();
    for (const run of held) {
      await db.transaction().execute(async (tx) => {
        await lockPeople(tx, [run.person_id]);
        const [number] = await nextNumbers(tx, 1);
        await enqueue(tx, [{ number: number!, runId: run.id, kind: 'wake', payload: { n: number!, kind: 'wake' } }]);
      });
    }
    if (held.length > 0) onDeliveries?.();
  }

  return {
    async stopRun(runId, reason) {
      const run = await db.selectFrom('runs').select(['person_id']).where('id', '=', runId).executeTakeFirst();
      if (!run) return false;
      const ended = await db.transaction().execute(async (tx) => {
        await lockPeople(tx, [run.person_id]);
        const [number] = await nextNumbers(tx, 1);
        const ending = { outcome: 'stopped' as const, reason, at: clock.now() };
        if (!(await endRun(tx, { runId, ending, number: number! }))) return false;
        await enqueue(tx, [{ number: number!, runId, kind: 'end', payload: { n: number!, kind: 'end', ending } }]);
        return true;
      });
      if (ended) onDeliveries?.();
      return ended;
    },
    async setMode(journey, mode) {
      await catalog.setMode(journey, mode);
      if (mode !== 'paused') await wakeHeldRuns(journey);
    },
  };
}
