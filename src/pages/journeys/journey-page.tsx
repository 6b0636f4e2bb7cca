/** One journey: what it does, how far people come, where they are now, and who. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { JourneyAnswer } from '../api/answers';
import { bound, useSwitchJourney } from '../api/changes';
import { ask } from '../api/queries';
import { ChangedBy } from '../parts/changed-by';
import { ChartFigure } from '../parts/chart-figure';
import { Choices } from '../parts/choices';
import { ModeChip } from '../parts/chip';
import { ConfirmButton } from '../parts/confirm-button';
import { useFilter } from '../parts/filters';
import { PageHead } from '../parts/page-head';
import { Section } from '../parts/section';
import { Shown } from '../parts/shown';
import { switchedInWords } from '../words/change-words';
import { shortDay } from '../words/durations';
import { count, plural } from '../words/numbers';
import { Funnel } from './funnel';
import { MessageCounts } from './message-counts';
import { Outcomes } from './outcomes';
import { Refusals } from './refusals';
import { RunList } from './run-list';
import { Variants } from './variants';
import { WhereNow } from './where-now';

const windows = [
  ['7', '7 days'],
  ['30', '30 days'],
  ['90', '90 days'],
] as const;

export function JourneyPage({ id }: { id: string }) {
  const [days, setDays] = useFilter('days', '30');
  const known = windows.find(([value]) => value === days)?.[0] ?? '30';
  const journey = useQuery(ask.journey(id, Number(known)));
  const mode = journey.data?.mode;
  return (
    <>
      <PageHead
        title={id}
        above={<Link href="/journeys">Journeys</Link>}
        beside={mode && <ModeChip mode={mode} />}
        says={journey.data && <Head journey={journey.data} />}
        actions={mode && <Switch id={id} paused={mode === 'paused'} />}
      />
      <Shown query={journey} what="the journey" lines={6}>
        {(answer) => (
          <>
            <div className="toolbar">
              <Choices name="Runs that entered in the last" options={windows} value={known} onChange={setDays} />
              <p className="hint">{scope(answer)}</p>
            </div>
            <Figures journey={answer} />
          </>
        )}
      </Shown>
    </>
  );
}

function scope({ days, of, cut, counts }: JourneyAnswer): string {
  return cut
    ? `The newest ${plural(of, 'run')} that entered in ${days} days.`
    : `What entered in the last ${days} days. ${plural(counts.entered, 'run')} since the journey began.`;
}

function Head({ journey: { says, modeChange } }: { journey: JourneyAnswer }) {
  return (
    <>
      {modeChange && <ChangedBy change={modeChange} did={switchedInWords(modeChange)} />}
      <ul className="says">
        {says.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </>
  );
}

function Switch({ id, paused }: { id: string; paused: boolean }) {
  const change = useSwitchJourney();
  return paused ? (
    <ConfirmButton
      label="Resume"
      title={`Resume ${id}?`}
      confirm="Resume"
      change={bound(change, { journey: id, to: 'resume' })}
    >
      <p>
        People enter again from now on. Messages that were held go out, each after the guard has looked at it again.
      </p>
    </ConfirmButton>
  ) : (
    <ConfirmButton
      label="Pause"
      title={`Pause ${id}?`}
      confirm="Pause"
      danger
      change={bound(change, { journey: id, to: 'pause' })}
    >
      <p>
        Nobody enters any more, and the messages of live runs are held back until it is resumed. Live runs stay: waits
        go on, goals and exits count.
      </p>
    </ConfirmButton>
  );
}

function Figures({ journey }: { journey: JourneyAnswer }) {
  return (
    <>
      <div className="columns">
        <Section title="From entry to goal" className="column-wide">
          <Funnel journey={journey} />
        </Section>
        <div>
          <Section
            title="Where people are now"
            says={`${plural(journey.counts.live, 'live run')}, by what they wait for.`}
          >
            <WhereNow journey={journey} />
          </Section>
          <Section title="How runs ended" says="All of them, since the journey began.">
            <Outcomes outcomes={journey.counts.outcomes} />
          </Section>
        </div>
      </div>
      <div className="columns">
        <div className="column-wide">
          <Section title="Variants">
            <Variants variants={journey.variants} header={journey.header} />
          </Section>
          <Section title="Messages">
            <MessageCounts journey={journey} />
          </Section>
        </div>
        <div>
          <Section
            title="Entered, by day"
            {...(journey.cuts.series && { says: 'Of the newest 200,000 runs: the first days may lack some.' })}
          >
            <ChartFigure
              caption={`${count(journey.series.reduce((sum, { count: n }) => sum + n, 0))} in ${journey.days} days`}
              points={journey.series.map(({ at, count: entered }) => ({ at: Date.parse(at), entered }))}
              series={[{ key: 'entered', name: 'Entered', colour: 'chart-1' }]}
              timeInWords={shortDay}
              height={150}
            />
          </Section>
          <Section title="Did not enter">
            <Refusals refusals={journey.refusals} cut={journey.cuts.refusals} />
          </Section>
        </div>
      </div>
      <Section title="Versions of live runs" says="A run goes on with the code that it started with.">
        <Versions journey={journey} />
      </Section>
      <RunList journey={journey.id} />
    </>
  );
}

function Versions({ journey: { versions } }: { journey: JourneyAnswer }) {
  if (versions.length === 0) return <p className="hint">No run is live.</p>;
  return (
    <ul className="versions">
      {versions.map(({ version, live }) => (
        <li key={version ?? 'none'}>
          {version === null ? 'not taken up by a worker yet' : <code>{version}</code>}: {plural(live, 'live run')}
        </li>
      ))}
    </ul>
  );
}
