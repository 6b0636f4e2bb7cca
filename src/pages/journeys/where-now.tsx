/** Live runs by what they wait for, or by the last step that they took. */
import type { JourneyAnswer } from '../api/answers';
import { Bar } from '../parts/bar';
import { count } from '../words/numbers';

export function WhereNow({ journey: { where } }: { journey: JourneyAnswer }) {
  if (where.length === 0) return <p className="hint">No run is live.</p>;
  const most = Math.max(...where.map(({ runs }) => runs));
  return (
    <table className="bars">
      <caption className="unseen">Live runs by what they wait for, or by their last step</caption>
      <thead className="unseen">
        <tr>
          <th scope="col">Last step</th>
          <th scope="col">Live runs</th>
        </tr>
      </thead>
      <tbody>
        {where.map(({ step, label, runs }) => (
          <tr key={step}>
            <th scope="row">
              {label}
              <Bar share={runs / most} kind="quiet" />
            </th>
            <td className="number">{count(runs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
