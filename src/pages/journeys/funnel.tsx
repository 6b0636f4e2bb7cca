/** From entry to goal: one row a step, with a bar as long as its share. A table, so it reads the same without the bars. */
import type { FunnelStep, JourneyAnswer } from '../api/answers';
import { Bar } from '../parts/bar';
import { Empty } from '../parts/notice';
import { span } from '../words/durations';
import { count, percent, plural } from '../words/numbers';

export function Funnel({ journey }: { journey: JourneyAnswer }) {
  const { funnel, days, cuts, stillOpen, header } = journey;
  if ((funnel[0]?.runs ?? 0) === 0) {
    return <Empty title={`Nobody entered in ${days} days`}>{journey.says[0]}</Empty>;
  }
  return (
    <>
      <table className="bars">
        <caption className="unseen">Runs by how far they came</caption>
        <thead className="unseen">
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Runs</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {funnel.map((step) => (
            <tr key={`${step.kind} ${step.step}`} className={`bars-${step.kind}`}>
              <th scope="row">
                <span>{step.label}</span>
                {step.kind === 'send' && <span className="second">{sends(step)}</span>}
                <Bar share={step.share} kind={step.kind === 'goal' ? 'goal' : step.kind === 'send' ? 'send' : 'step'} />
              </th>
              <td className="number">{count(step.runs)}</td>
              <td className="number">{percent(step.share)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {cuts.steps && <p className="hint">The 60 steps that most runs came through.</p>}
      {header.goal && stillOpen > 0 && (
        <p className="hint">
          {plural(stillOpen, 'run')} may still reach the goal, within {span(header.goal.withinMs)} of the start.
        </p>
      )}
    </>
  );
}

function sends({ sent = 0, skipped = 0 }: FunnelStep): string {
  return skipped > 0 ? `${count(sent)} sent, ${count(skipped)} not sent` : `${count(sent)} sent`;
}
