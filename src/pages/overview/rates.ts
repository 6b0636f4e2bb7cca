/** Events a second as somebody at the stack sees them: seconds of the wall, whatever the speed of the stack's clock. */
import type { OverviewAnswer } from '../api/answers';

/** Over how many of the wall's seconds the rate is taken at least. */
const overSeconds = 10;

type Events = OverviewAnswer['events'];

export function eventsPerSecond(events: Events, bucketSeconds: number, timeScale: number): number {
  if (timeScale === 1) return events.perSecond;
  const buckets = Math.max(1, Math.ceil((overSeconds * timeScale) / bucketSeconds));
  const last = events.series.slice(-buckets);
  const wallSeconds = (last.length * bucketSeconds) / timeScale;
  return wallSeconds === 0 ? 0 : last.reduce((sum, { count }) => sum + count, 0) / wallSeconds;
}

/** Nothing happened in the window, and nothing is under way. */
export function isQuiet({ events, runs, messages }: OverviewAnswer): boolean {
  return (
    events.total === 0 &&
    runs.live === 0 &&
    runs.started === 0 &&
    runs.ended === 0 &&
    Object.keys(messages.counts).length === 0
  );
}
