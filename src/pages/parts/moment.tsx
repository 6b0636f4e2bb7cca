/** A time: relative to the stack's now, the time of day, or exact; the exact one on hover and for machines always. */
import { useSyncExternalStore } from 'react';
import { onTick, shownNow } from '../clock/stack-clock';
import { clockTime, exact, onBothClocks, relative } from '../words/durations';

interface Props {
  /** ISO 8601, or milliseconds. */
  at: string | number;
  /** The same moment in the wall's milliseconds: beside the exact one, where the stack's clock runs at another speed. */
  wall?: number;
  as?: 'relative' | 'clock' | 'exact';
}

export function Moment({ at, wall, as = 'relative' }: Props) {
  const ms = typeof at === 'number' ? at : Date.parse(at);
  const words = () => {
    if (as === 'exact') return exact(ms);
    return as === 'clock' ? clockTime(ms) : relative(ms, shownNow());
  };
  const shown = useSyncExternalStore(onTick, words);
  return (
    <time
      className={as === 'relative' ? 'ago' : undefined}
      dateTime={new Date(ms).toISOString()}
      title={wall === undefined ? exact(ms) : onBothClocks(ms, wall)}
    >
      {shown}
    </time>
  );
}
