/** A run's story in Markdown, for whoever opens it in Temporal's UI. */
import { formatDuration } from '../duration';
import type { TraceStep } from '../run-data';

/** More would not be read, and is in Sojourn's own pages. */
const shownSteps = 30;

export function story(
  trace: readonly TraceStep[],
  startedAt: number,
  waiting?: { step: string; until: number | undefined },
): string {
  const left = trace.length - shownSteps;
  const lines = left > 0 ? [`… ${left} earlier steps`, ''] : [];
  for (const { at, step, result } of trace.slice(-shownSteps)) {
    lines.push(`- ${formatDuration(at - startedAt)}: **${step}** ${result}`);
  }
  if (waiting) {
    const until = waiting.until === undefined ? '' : ` until ${new Date(waiting.until).toISOString()}`;
    lines.push(`- now: **${waiting.step}** waits${until}`);
  }
  return lines.join('\n');
}
