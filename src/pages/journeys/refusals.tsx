/** Why people did not enter. */
import type { JourneyAnswer } from '../api/answers';
import { Bar } from '../parts/bar';
import { count } from '../words/numbers';

export function Refusals({ refusals, cut }: { refusals: JourneyAnswer['refusals']; cut: boolean }) {
  if (refusals.length === 0) return <p className="hint">Nobody whom the trigger named was refused.</p>;
  const most = Math.max(...refusals.map((refusal) => refusal.count));
  return (
    <>
      <table className="bars">
        <caption className="unseen">Refusals by reason</caption>
        <thead className="unseen">
          <tr>
            <th scope="col">Reason</th>
            <th scope="col">Times</th>
          </tr>
        </thead>
        <tbody>
          {refusals.map(({ reason, label, count: times }) => (
            <tr key={reason}>
              <th scope="row">
                {label}
                <Bar share={times / most} kind="quiet" />
              </th>
              <td className="number">{count(times)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {cut && <p className="hint">Of the newest 10,000 refusals.</p>}
    </>
  );
}
