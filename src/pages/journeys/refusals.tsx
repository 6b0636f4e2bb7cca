/** Why people did not enter. */
import type { JourneyAnswer } from '../api/answers';
import { Bars } from '../parts/bars';
import { count } from '../words/numbers';

export function Refusals({ refusals, cut }: { refusals: JourneyAnswer['refusals']; cut: boolean }) {
  if (refusals.length === 0) return <p className="hint">Nobody whom the trigger named was refused.</p>;
  const most = Math.max(...refusals.map((refusal) => refusal.count));
  return (
    <>
      <Bars
        caption="Refusals by reason"
        heads={['Reason', 'Times']}
        rows={refusals.map(({ reason, label, count: times }) => ({
          id: reason,
          says: label,
          share: times / most,
          kind: 'quiet',
          numbers: [count(times)],
        }))}
      />
      {cut && <p className="hint">Of the newest 10,000 refusals.</p>}
    </>
  );
}
