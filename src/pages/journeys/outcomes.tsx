/** Ended runs by what ended them. */
import type { RunTally } from '../api/answers';
import { Bars } from '../parts/bars';
import { count, percent } from '../words/numbers';
import { outcomeInWords } from '../words/reasons';

export function Outcomes({ outcomes }: Pick<RunTally, 'outcomes'>) {
  const rows = Object.entries(outcomes).sort(([, a], [, b]) => b - a);
  const all = rows.reduce((sum, [, runs]) => sum + runs, 0);
  if (all === 0) return <p className="hint">No run has ended yet.</p>;
  return (
    <Bars
      caption="Ended runs by what ended them"
      heads={['Ended', 'Runs', 'Share']}
      rows={rows.map(([outcome, runs]) => ({
        id: outcome,
        says: outcomeInWords(outcome)[0],
        share: runs / all,
        kind: outcome === 'converted' ? 'goal' : 'quiet',
        numbers: [count(runs), percent(runs / all)],
      }))}
    />
  );
}
