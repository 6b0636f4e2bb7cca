/** When the wait of a live run is over: somebody's activity makes it longer, and what it waits for makes it shorter. */
import type { RunSummary } from '../api/answers';
import { Moment } from '../parts/moment';

export function Until({ waiting: { step, until } }: { waiting: NonNullable<RunSummary['waiting']> }) {
  if (until === null) return null;
  return (
    <>
      ; over <Moment at={until} />
      {bound(step)}
    </>
  );
}

function bound(step: string): string {
  if (step.startsWith('idle ')) return ' at the earliest';
  return step.startsWith('waitFor ') ? ' at the latest' : '';
}
