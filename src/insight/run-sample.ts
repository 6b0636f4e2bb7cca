/** Which runs of a journey its results are read from: the newest of a window, up to a bound, found by index. */
import { sql } from 'kysely';

export interface ResultsRequest {
  journey: string;
  days: number;
  /** Stack's ms. */
  now: number;
  /** How long after its start a run may reach the goal; absent where the journey has none. */
  goalWithinMs?: number;
  hasHoldout: boolean;
}

/** Runs that are looked at one by one. */
export const sampleAtMost = 3_000;
export const dayMs = 86_400_000;

export const sinceOf = ({ now, days }: ResultsRequest) => new Date((Math.floor(now / dayMs) - days + 1) * dayMs);

/** The newest runs of the window that started by `until`, of either state in its index's order. */
export function sampleOf(request: ResultsRequest, { most = sampleAtMost, until = request.now } = {}) {
  const among = sql`started_at >= ${sinceOf(request)} and started_at <= ${new Date(until)}`;
  return sql`
    select id, started_at from (values ('live'), ('ended')) s (state) cross join lateral (
      select id, started_at from sojourn.runs
      where journey = ${request.journey} and state = s.state and ${until < request.now ? among : sql`true`}
      order by id desc limit ${most}
    ) newest where ${among} order by id desc limit ${most}`;
}
