/** Who was held out against who was not, and the variants of each experiment, with what may be concluded. */
import type { JourneyAnswer } from '../api/answers';
import { DataTable } from '../parts/data-table';
import { lift, liftInWords } from '../words/lift';
import { count, percent } from '../words/numbers';

type Variant = JourneyAnswer['variants'][number];

export function Variants({ variants, hasGoal }: { variants: Variant[]; hasGoal: boolean }) {
  const experiments = [...new Set(variants.map(({ experiment }) => experiment))];
  if (experiments.length === 0) {
    return <p className="hint">The journey has neither a holdout nor an experiment that anybody has met.</p>;
  }
  return (
    <>
      {!hasGoal && <p className="hint">The journey has no goal, so that variants can&apos;t be compared by one.</p>}
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
                { title: 'Goals', number: true, cell: ({ goals }) => count(goals) },
                { title: 'Share', number: true, cell: ({ rate }) => percent(rate) },
              ]}
            />
            {hasGoal && <Comparison rows={rows} />}
          </div>
        );
      })}
    </>
  );
}

/** The one with the most goals per run against the next; the holdout is always what is compared against. */
function Comparison({ rows }: { rows: Variant[] }) {
  const byRate = [...rows].sort((a, b) => b.rate - a.rate);
  const against = rows.find(({ variant }) => variant === 'holdout') ?? byRate[1];
  const best = byRate.find((row) => row !== against);
  if (!best || !against) return null;
  return (
    <p className="hint">
      <b>{best.variant}</b> against <b>{against.variant}</b>: {liftInWords(lift(best, against))}
    </p>
  );
}
