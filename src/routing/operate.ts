/** What operators do to runs: stop one, pause and resume a journey. Under the person's lock, with a number (P5). */
import { lockPeople, nextNumbers, type Db } from '../db';
import type { Clock } from '../clock';
import type { Catalog, Mode } from './catalog';
import { pauseMessage } from '../messaging';
import { endLiveRun } from '../runs';
import { enqueue } from './outbox';

export interface Operator {
  /** Ends a live run. False if there is no such live run. Once resolved, no attempt of it is claimed any more. */
  stopRun(runId: string, reason: string): Promise<boolean>;
  /** Sets the mode of a journey; runs whose sends were held are told to try again. */
  setMode(journey: string, mode: Mode | null): Promise<void>;
  /** Holds the sends of a message, or lets them go again. */
  pauseMessage(message: string, paused: boolean): Promise<void>;
}

/** Longer than the guard's transaction takes. */
const judgedWithinMs = 3_000;

export interface OperatorOptions {
  db: Db;
  clock: Clock;
  catalog: Catalog;
  onDeliveries?: () => void;
}

export function createOperator({ db, clock, catalog, onDeliveries }: OperatorOptions): Operator {
  async function wakeHeldRuns(of: { journey: string } | { message: string }): Promise<void> {
    const held = await db
      .selectFrom('sends')
      .innerJoin('runs', 'runs.id', 'sends.run_id')
      .select(['runs.id', 'runs.person_id'])
      .distinct()
      .where('sends.state', '=', 'held')
      .$if('journey' in of, (query) => query.where('sends.journey', '=', 'journey' in of ? of.journey : ''))
      .$if('message' in of, (query) => query.where('sends.message', '=', 'message' in of ? of.message : ''))
      .where('runs.state', '=', 'live')
      .execute();
    for (const run of held) {
      await db
        .transaction()
        .setIsolationLevel('read committed')
        .execute(async (tx) => {
          await lockPeople(tx, [run.person_id]);
          const [number] = await nextNumbers(tx, 1);
          await enqueue(tx, [{ number: number!, runId: run.id, kind: 'wake', payload: { n: number!, kind: 'wake' } }]);
        });
    }
    if (held.length > 0) onDeliveries?.();
  }

  /** A send that was judged just before the change is held just after it: so once more, when that is over. */
  async function wakeNowAndSoon(of: { journey: string } | { message: string }): Promise<void> {
    await wakeHeldRuns(of);
    setTimeout(() => void wakeHeldRuns(of).catch(() => undefined), judgedWithinMs).unref();
  }

  return {
    async stopRun(runId, reason) {
      const run = await db.selectFrom('runs').select(['person_id']).where('id', '=', runId).executeTakeFirst();
      if (!run) return false;
      const ending = { outcome: 'stopped' as const, reason, at: clock.now() };
      const ended = await endLiveRun(db, { personId: run.person_id, runId, ending }, (tx, number) =>
        enqueue(tx, [{ number, runId, kind: 'end', payload: { n: number, kind: 'end', ending } }]),
      );
      if (ended) onDeliveries?.();
      return ended;
    },
    async setMode(journey, mode) {
      await catalog.setMode(journey, mode);
      if (mode !== 'paused') await wakeNowAndSoon({ journey });
    },
    async pauseMessage(message, paused) {
      await pauseMessage(db, message, paused);
      if (!paused) await wakeNowAndSoon({ message });
    },
  };
}
