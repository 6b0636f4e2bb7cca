/** Who changed something, and when, in one line: `Paused by admin on 3 May 2026, 10:00:00 UTC`. */
import type { ChangeMark } from '../api/answers';
import { Moment } from './moment';

export function ChangedBy({ change: { by, at }, did }: { change: ChangeMark; did: string }) {
  return (
    <p className="second">
      {did} by {by} on <Moment at={at} as="exact" />
    </p>
  );
}
