/** Whether there is anything to show: nothing happened in the window, and nothing is under way. */
import type { OverviewAnswer } from '../api/answers';

export function isQuiet({ events, runs, messages }: OverviewAnswer): boolean {
  return (
    events.total === 0 &&
    runs.live === 0 &&
    runs.started === 0 &&
    runs.ended === 0 &&
    Object.keys(messages.counts).length === 0
  );
}
