/**
 * What operators do to runs: stop one, pause and resume a journey. Under the person's lock, with a number (P5), and each
 * time with a record of who did it.
 */
import { recordChange, type Actor, type Change } from '../audit';
import { nextNumbers, withPeopleLocked, type Db } from '../db';
import type { Clock } from '../clock';
import type { Catalog, Mode } from './catalog';
import { pauseMessage } from '../messaging';
import { endLiveRun } from '../runs';
import { enqueue } from './outbox';

export interface Operator {
  /** Ends a live run. False if there is no such live run. Once resolved, no attempt of it is claimed any more. */
  stopRun(runId: string, reason: string, by: Actor): Promise<boolean>;
  /** Sets the mode of a journey, as the catalog does; runs whose sends were held are told to try again. */
  setMode(journey: string, mode: Mode | null, by: Actor): Promise<Change | undefined>;
  /** Holds the sends of a message, or lets them go again. Undefined when that was so already. */
  pauseMessage(message: string, paused: boolean, by: Actor): Promise<Change | undefined>;
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
      // An uncertain send that is held stays uncertain in the ledger; a run that does not wait for it ignores this.
      .where('sends.state', 'in', ['held', 'uncertain'])
      .$if('journey' in of, (query) => query.where('sends.journey', '=', 'journey' in of ? of.journey : ''))
      .$if('message' in of, (query) => query.where('sends.message', '=', 'message' in of ? of.message : ''))
      .where('runs.state', '=', 'live')
      .execute();
    for (const run of held) {
      await withPeopleLocked(db, [run.person_id], async (tx) => {
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
    async stopRun(runId, reason, by) {
      const run = await db
        .selectFrom('runs')
        .select(['person_id', 'journey'])
        .where('id', '=', runId)
        .executeTakeFirst();
      if (!run) return false;
      const ending = { outcome: 'stopped' as const, reason, at: clock.now() };
      const about = { journey: run.journey };
      const ended = await endLiveRun(db, { personId: run.person_id, runId, ending }, async (tx, number) => {
        await enqueue(tx, [{ number, runId, kind: 'end', payload: { n: number, kind: 'end', ending } }]);
        await recordChange(tx, clock, by, { kind: 'run', subject: runId, from: 'live', to: ending.outcome, about });
      });
      if (ended) onDeliveries?.();
      return ended;
    },
    async setMode(journey, mode, by) {
      const change = await catalog.setMode(journey, mode, by);
      if (mode !== 'paused') await wakeNowAndSoon({ journey });
      return change;
    },
    async pauseMessage(message, paused, by) {
      const change = await pauseMessage({ db, clock }, message, paused, by);
      if (!paused) await wakeNowAndSoon({ message });
      return change;
    },
  };
}
