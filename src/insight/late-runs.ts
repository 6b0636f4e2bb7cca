/**
 * Finds starts and ends of runs that were written down late: a run starts when its event was accepted, however long the
 * event then waited, and ends when its workflow says that it did. Runs carry the number under which each was written;
 * whatever has a higher number than the last look may have seen is looked at.
 */
import { sql } from 'kysely';
import type { Clock } from '../clock';
import type { Db } from '../db';
import { committedWithinMs } from './kept-buckets';

export interface LateRuns {
  /**
   * The moments (stack's ms, to five seconds) before `closedBefore` of starts and ends that were written since the last
   * look, or around it. Undefined until it has looked for long enough to know of all: nothing may be kept then.
   */
  look(closedBefore: number): Promise<number[] | undefined>;
}

export function createLateRuns({ db, clock }: { db: Db; clock: Clock }): LateRuns {
  /** The highest number by then; oldest first. */
  let marks: { at: number; number: string }[] = [];
  /** All up to it was committed when it was set. */
  let settled: string | undefined;

  return {
    async look(closedBefore) {
      const at = clock.now();
      const since = settled;
      const { rows } = await sql<{ number: string }>`
        select last_value as number from sojourn.number_seq`.execute(db);
      const late = since === undefined ? undefined : await writtenSince(db, since, closedBefore);
      marks.push({ at, number: rows[0]!.number });
      const old = marks.findLastIndex((mark) => mark.at <= at - committedWithinMs * clock.scale);
      if (old >= 0) {
        marks = marks.slice(old);
        settled = marks[0]!.number;
      }
      // What is counted now is checked by the next look only if that knows from where.
      return settled === undefined ? undefined : (late ?? []);
    },
  };
}

async function writtenSince(db: Db, number: string, closedBefore: number): Promise<number[]> {
  const before = new Date(closedBefore);
  const { rows } = await sql<{ at: Date }>`
    select distinct date_bin('5 seconds', moment, 'epoch') as at
    from sojourn.runs r cross join lateral (values
      (r.started_at, r.number), (r.ended_at, r.end_number)
    ) m (moment, written)
    where greatest(r.number, r.end_number) > ${number}::bigint and written > ${number}::bigint and moment < ${before}`.execute(
    db,
  );
  return rows.map((row) => row.at.getTime());
}
