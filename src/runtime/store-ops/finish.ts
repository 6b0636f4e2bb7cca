/** The last call of a run: its trace is written down and its row ended, in one transaction, unless something else has ended it. */
import { sql } from 'kysely';
import { isUnsettled, statement, withPeopleLocked } from '../../db';
import type { Carried, Ending } from '../../journey';
import { endOfRun } from '../../runs';
import { carry, insertSteps, stepRows, type Carrying, type Status } from './carry';

interface LastCall {
  runId: string;
  runNumber: number;
  outcome: string;
  reason: string | null;
  at: Date;
  version: string;
  temporalRunId: string;
  steps: string;
  /** Ends it also when events of the person are pending. */
  whatever: boolean;
}

const endTraced = statement<LastCall, { id: string }>(
  (value) => sql`
  with ended as (${endOfRun(value, {
    also: sql`version = ${value.version}, temporal_run_id = ${value.temporalRunId}`,
    unless: sql`r.number <> ${value.runNumber}
      or (not ${value.whatever}::boolean and ${isUnsettled(sql.ref('r.person_id'))})`,
  })}), traced as (${insertSteps(sql.ref('ended'), value.steps)})
  select id from ended`,
);

/**
 * What was pending for the person when it was called is decided before the run ends, and may be what ends it. Answers how
 * the run has ended already, or whose its row is not.
 */
export async function finish(
  parts: Carrying,
  carried: Carried,
  ending: Ending,
): Promise<Status & { finished: boolean }> {
  const { run } = carried;
  for (let whatever = false; ; whatever = true) {
    const ended = await withPeopleLocked(parts.db, [run.personId], (tx) =>
      // By then the person is locked, so that it sees every end that was committed before, and its number is above theirs.
      endTraced(tx, {
        ...parts.caller,
        runId: run.id,
        runNumber: run.number,
        outcome: ending.outcome,
        reason: ending.reason ?? null,
        at: new Date(ending.at),
        steps: stepRows(carried),
        whatever,
      }),
    );
    if (ended.length > 0) return { finished: true };
    // Something is pending, or the row is not the run's to end: as with every other call.
    const { status } = await carry(parts, carried, { asked: {} });
    if (status.stale || status.ended) return { finished: false, ...status };
  }
}
