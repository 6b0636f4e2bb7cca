/** When the wait of a live run is over: somebody's activity makes it longer, and what it waits for makes it shorter. */
import type { RunSummary } from '../api/answers';
import { shownNow } from '../clock/stack-clock';
import { Moment } from '../parts/moment';

export function Until({ waiting: { step, until } }: { waiting: NonNullable<RunSummary['waiting']> }) {
  // What is held goes once it may, whenever that is.
  if (until === null || (step.startsWith('send ') && Date.parse(until) < shownNow())) return null;
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
