/** Live runs by what they wait for, or by the last step that they took. */
import type { JourneyAnswer } from '../api/answers';
import { Bars } from '../parts/bars';
import { count } from '../words/numbers';

export function WhereNow({ journey: { where } }: { journey: JourneyAnswer }) {
  if (where.length === 0) return <p className="hint">No run is live.</p>;
  const most = Math.max(...where.map(({ runs }) => runs));
  return (
    <Bars
      caption="Live runs by what they wait for, or by their last step"
      heads={['Last step', 'Live runs']}
      rows={where.map(({ label, runs }) => ({
        // Some may be in a step, and others after it.
        id: label,
        says: label,
        share: runs / most,
        kind: 'quiet',
        numbers: [count(runs)],
      }))}
    />
  );
}
