/** From entry to goal: one row a step, with a bar as long as its share. A table, so it reads the same without the bars. */
import { Link } from 'wouter';
import type { FunnelStep, JourneyAnswer } from '../api/answers';
import { withQuery } from '../api/client';
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
                {step.kind === 'send' && <Sends step={step} journey={journey.id} />}
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
          The time for the goal, {span(header.goal.withinMs)} from the start, is not over for {plural(stillOpen, 'run')}
          .
        </p>
      )}
    </>
  );
}

/** All runs that came to it: those that it did not go to are in the ledger, each with its reason. */
function Sends({ step: { runs, sent = 0, skipped = 0 }, journey }: { step: FunnelStep; journey: string }) {
  const others = runs - sent - skipped;
  return (
    <span className="second">
      {count(sent)} sent
      {skipped > 0 && (
        <>
          , <Link href={withQuery('/messages', { journey, state: 'skipped' })}>{count(skipped)} not sent, see why</Link>
        </>
      )}
      {others > 0 && (
        <>
          , <Link href={withQuery('/messages', { journey })}>{count(others)} held, under way, failed or uncertain</Link>
        </>
      )}
    </span>
  );
}
