/** Who was held out against who was not, and the variants of each experiment, with what may be concluded. */
import type { JourneyAnswer } from '../api/answers';
import { DataTable } from '../parts/data-table';
import { span } from '../words/durations';
import { comparisonInWords, comparisonOf } from '../words/lift';
import { count, percent } from '../words/numbers';

type Variant = JourneyAnswer['variants'][number];

export function Variants({ variants, header: { goal } }: Pick<JourneyAnswer, 'variants' | 'header'>) {
  const experiments = [...new Set(variants.map(({ experiment }) => experiment))];
  if (experiments.length === 0) {
    return <p className="hint">The journey has neither a holdout nor an experiment that anybody has met.</p>;
  }
  return (
    <>
      {!goal && <p className="hint">The journey has no goal, so that variants can&apos;t be compared by one.</p>}
      {experiments.map((experiment) => {
        const rows = variants.filter((variant) => variant.experiment === experiment);
        return (
          <div key={experiment} className="experiment">
            <h3>{experiment === 'holdout' ? 'Messaged against held out' : experiment}</h3>
            <DataTable
              caption={`Variants of ${experiment}`}
              rows={rows}
              keyOf={({ variant }) => variant}
              columns={[
                { title: 'Variant', main: true, wide: true, cell: ({ variant }) => variant },
                { title: 'Runs', number: true, cell: ({ runs }) => count(runs) },
                { title: 'Reached the goal', number: true, cell: ({ goals }) => count(goals) },
                { title: 'Share', number: true, cell: ({ rate }) => percent(rate) },
              ]}
            />
            {goal && <Compared rows={rows} withinMs={goal.withinMs} />}
          </div>
        );
      })}
    </>
  );
}

function Compared({ rows, withinMs }: { rows: Variant[]; withinMs: number }) {
  const comparison = comparisonOf(rows);
  if (!comparison) return null;
  return (
    <p className="hint">
      <b>{comparison.of}</b> against <b>{comparison.against}</b>: {comparisonInWords(comparison, span(withinMs))}
    </p>
  );
}
