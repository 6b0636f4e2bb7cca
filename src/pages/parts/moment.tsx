/** A time: relative to the stack's now, the time of day, or exact; the exact one on hover and for machines always. */
import { useSyncExternalStore } from 'react';
import { onTick, shownNow } from '../clock/stack-clock';
import { clockTime, exact, relative } from '../words/durations';

interface Props {
  /** ISO 8601, or milliseconds. */
  at: string | number;
  /** Of the wall's clock, not of the stack's. */
  wall?: boolean;
  as?: 'relative' | 'clock' | 'exact';
}

export function Moment({ at, wall = false, as = 'relative' }: Props) {
  const ms = typeof at === 'number' ? at : Date.parse(at);
  const words = () => {
    if (as === 'exact') return exact(ms);
    return as === 'clock' ? clockTime(ms) : relative(ms, wall ? Date.now() : shownNow());
  };
  const shown = useSyncExternalStore(onTick, words);
  return (
    <time dateTime={new Date(ms).toISOString()} title={exact(ms)}>
      {shown}
    </time>
  );
}
