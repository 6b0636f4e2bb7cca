/** Ended runs by what ended them. */
import type { RunTally } from '../api/answers';
import { Bar } from '../parts/bar';
import { count, percent } from '../words/numbers';
import { outcomeInWords } from '../words/reasons';

export function Outcomes({ outcomes }: Pick<RunTally, 'outcomes'>) {
  const rows = Object.entries(outcomes).sort(([, a], [, b]) => b - a);
  const all = rows.reduce((sum, [, runs]) => sum + runs, 0);
  if (all === 0) return <p className="hint">No run has ended yet.</p>;
  return (
    <table className="bars">
      <caption className="unseen">Ended runs by what ended them</caption>
      <thead className="unseen">
        <tr>
          <th scope="col">Ended</th>
          <th scope="col">Runs</th>
          <th scope="col">Share</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([outcome, runs]) => (
          <tr key={outcome}>
            <th scope="row">
              {outcomeInWords(outcome)[0]}
              <Bar share={runs / all} kind={outcome === 'converted' ? 'goal' : 'quiet'} />
            </th>
            <td className="number">{count(runs)}</td>
            <td className="number">{percent(runs / all)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
