/**
 * Reconciles live rows with Temporal. A run may be ended or reset in Temporal's UI, behind Sojourn's back; its row must
 * neither bar its person from the journey for ever nor claim to be live. Looks at what closed lately, and, in turn,
 * at live rows that nobody has looked at for longest.
 */
import type { Db } from '../db';
import type { Clock } from '../clock';
import type { Ending } from '../journey';
import { endLiveRun } from '../runs';

export interface Execution {
  workflowId: string;
  temporalRunId: string;
  status: 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'continued' | 'timed_out' | 'unknown';
  sojournRun?: string;
}

export interface SweepOptions {
  db: Db;
  clock: Clock;
  temporal: {
    describe(workflowId: string): Promise<Execution | undefined>;
    listCutShortSince(since: Date): AsyncIterable<Execution>;
  };
  onEnded?: (run: { id: string; journey: string; person: string }, ending: Ending) => void;
}

/** Visibility is some seconds late, so each sweep looks back over the last one's end. */
const overlapMs = 60_000;
/** A row younger than this may still be on its way to Temporal. */
const graceSeconds = 30;
const rowsPerSweep = 200;
/** What closed is seen within seconds; this is for what was lost without a trace. */
const lookAgainAfterSeconds = 60;

export interface Sweep {
  /** Resolves with the number of rows that were found dead and ended. */
  sweep(): Promise<number>;
}

export function createSweep({ db, clock, temporal, onEnded }: SweepOptions): Sweep {
  let since = new Date(Date.now() - 10 * overlapMs);

  async function reconcile(run: {
    id: string;
    journey: string;
    person_id: string;
    workflow_id: string;
  }): Promise<boolean> {
    const execution = await temporal.describe(run.workflow_id);
    // A reset goes on under the same workflow id and carries the same memo: still this run, and alive.
    const ours = execution?.sojournRun === undefined || execution.sojournRun === run.id;
    if (execution?.status === 'running' && ours) return false;
    const ending: Ending = {
      outcome: execution && ours && execution.status === 'failed' ? 'failed' : 'terminated',
      reason: execution && ours ? `${execution.status} in Temporal` : 'not found in Temporal',
      at: clock.now(),
    };
    const ended = await endLiveRun(db, { personId: run.person_id, runId: run.id, ending });
    if (ended) onEnded?.({ id: run.id, journey: run.journey, person: run.person_id }, ending);
    return ended;
  }

  /** Rows that Temporal should know by now: nothing is left to tell it of them. */
  function settledLiveRows() {
    return db
      .selectFrom('runs')
      .select(['id', 'journey', 'person_id', 'workflow_id'])
      .where('state', '=', 'live')
      .where('wall_created_at', '<', new Date(Date.now() - graceSeconds * 1_000))
      .where((eb) =>
        eb.not(eb.exists(eb.selectFrom('dispatch').select('run_id').whereRef('dispatch.run_id', '=', 'runs.id'))),
      );
  }

  return {
    async sweep() {
      let ended = 0;
      const from = since;
      const started = new Date(Date.now() - overlapMs);
      const closed: string[] = [];
      for await (const { workflowId } of temporal.listCutShortSince(from)) closed.push(workflowId);
      const suspects = [];
      for (let at = 0; at < closed.length; at += 500) {
        suspects.push(
          ...(await settledLiveRows()
            .where('workflow_id', 'in', closed.slice(at, at + 500))
            .execute()),
        );
      }
      const longest = await settledLiveRows()
        .where('wall_checked_at', '<', new Date(Date.now() - lookAgainAfterSeconds * 1_000))
        .orderBy('wall_checked_at')
        .limit(rowsPerSweep)
        .execute();
      for (const run of new Map([...suspects, ...longest].map((one) => [one.id, one])).values()) {
        if (await reconcile(run)) ended++;
        else await db.updateTable('runs').set({ wall_checked_at: new Date() }).where('id', '=', run.id).execute();
      }
      since = started;
      return ended;
    },
  };
}
