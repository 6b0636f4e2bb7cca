/** What is under way for a person, and how it is stopped. */
import { useInfiniteQuery } from '@tanstack/react-query';
import type { RunSummary } from '../api/answers';
import { bound, useExitRun } from '../api/changes';
import { ask } from '../api/queries';
import { Chip } from '../parts/chip';
import { ConfirmButton } from '../parts/confirm-button';
import { KeyOfRun } from '../parts/key-of-run';
import { JourneyLink, Outside } from '../parts/links';
import { Moment } from '../parts/moment';
import { Section } from '../parts/section';
import { Shown } from '../parts/shown';
import { runInWords } from '../words/keyed';
import { Until } from './until';

export function LiveRuns({ person }: { person: string }) {
  const runs = useInfiniteQuery(ask.runs({ person, state: 'live', limit: 50 }));
  return (
    <Section title="Live runs">
      <Shown query={runs} what="live runs" lines={1}>
        {({ pages }) => {
          const live = pages.flatMap((page) => page.runs);
          return live.length === 0 ? (
            <p className="hint">No run is live.</p>
          ) : (
            <ul className="live-runs">
              {live.map((run) => (
                <LiveRun key={run.id} run={run} />
              ))}
            </ul>
          );
        }}
      </Shown>
    </Section>
  );
}

function LiveRun({ run }: { run: RunSummary }) {
  const exit = useExitRun();
  return (
    <li>
      <div className="live-run-name">
        <JourneyLink journey={run.journey} />
        {run.keyed && <KeyOfRun keyed={run.keyed} />}
        {run.holdout && <Chip title="Never messaged, still measured">holdout</Chip>}
        {run.mode !== 'live' && <Chip tone="warn">{run.mode}</Chip>}
      </div>
      <span className="second">
        started <Moment at={run.startedAt} />
      </span>
      {run.waiting && (
        <span className="second">
          {run.waiting.label}
          <Until waiting={run.waiting} />
        </span>
      )}
      <div className="live-run-actions">
        {run.temporal && <Outside href={run.temporal}>In Temporal</Outside>}
        <ConfirmButton
          label="Stop"
          name={`Stop the run of ${runInWords(run.journey, run.keyed)}`}
          title={`Stop this run of ${runInWords(run.journey, run.keyed)}?`}
          confirm="Stop the run"
          danger
          small
          change={bound(exit, { run: run.id, reason: 'stopped by an operator' })}
        >
          <p>
            The run ends now as “stopped”. No message of it goes any more; one that is at the provider already is not
            called back. It can&apos;t be resumed. The person may enter the journey again by its own rules.
          </p>
        </ConfirmButton>
      </div>
    </li>
  );
}
