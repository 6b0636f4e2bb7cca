/** From entry to goal: one row a step, with a bar as long as its share. */
import { Link } from 'wouter';
import type { FunnelStep, JourneyAnswer } from '../api/answers';
import { withQuery } from '../api/client';
import { Bars } from '../parts/bars';
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
      <Bars
        caption="Runs by how far they came"
        heads={['Step', 'Runs', 'Share']}
        rows={funnel.map((step) => ({
          id: `${step.kind} ${step.step}`,
          says: (
            <>
              <span>{step.label}</span>
              {step.kind === 'send' && <Sends step={step} journey={journey.id} />}
            </>
          ),
          share: step.share,
          kind: step.kind === 'goal' || step.kind === 'send' ? step.kind : 'step',
          className: `bars-${step.kind}`,
          numbers: [count(step.runs), percent(step.share)],
        }))}
      />
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
