/** What the stack does now: events, runs, messages, and what needs attention. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { OverviewAnswer } from '../api/answers';
import { ask } from '../api/queries';
import { ChartFigure } from '../parts/chart-figure';
import { Choices } from '../parts/choices';
import { ModeChip } from '../parts/chip';
import { DataTable } from '../parts/data-table';
import { useFilter } from '../parts/filters';
import { JourneyLink } from '../parts/links';
import { PageHead } from '../parts/page-head';
import { Section } from '../parts/section';
import { Shown } from '../parts/shown';
import { hourAndMinute } from '../words/durations';
import { count, percent, rate } from '../words/numbers';
import { Attention } from './attention-list';
import { FirstEvent } from './first-event';
import { isQuiet } from './quiet';

const windows = [
  ['15', '15 min'],
  ['60', '1 h'],
  ['360', '6 h'],
  ['1440', '24 h'],
] as const;

export function OverviewPage() {
  const [minutes, setMinutes] = useFilter('minutes', '60');
  const known = windows.find(([value]) => value === minutes)?.[0] ?? '60';
  const overview = useQuery(ask.overview(Number(known)));
  return (
    <>
      <PageHead
        title="Overview"
        actions={<Choices name="How far back" options={windows} value={known} onChange={setMinutes} />}
      />
      <Shown query={overview} what="the overview" lines={6}>
        {(answer) => (isQuiet(answer) ? <Quiet overview={answer} /> : <Overview overview={answer} />)}
      </Shown>
    </>
  );
}

/** Nothing in the window: either it is quiet, or nothing has ever come. */
function Quiet({ overview }: { overview: OverviewAnswer }) {
  const { data: people } = useInfiniteQuery(ask.people(''));
  if (!people) return null;
  return people.pages[0]?.people.length === 0 ? <FirstEvent /> : <Overview overview={overview} />;
}

function Overview({ overview }: { overview: OverviewAnswer }) {
  const { events, runs, messages } = overview;
  const sent = (messages.counts.sent ?? 0) + (messages.counts.delivered ?? 0);
  return (
    <>
      <dl className="figures">
        <Figure name="Events a second" value={rate(events.perSecond)}>
          {count(events.total)} in the window
        </Figure>
        <Figure name="Live runs" value={count(runs.live)}>
          {count(runs.started)} started, {count(runs.ended)} ended
        </Figure>
        <Figure name="Messages sent" value={count(sent)}>
          in the window
        </Figure>
        <Figure name="Messages not sent" value={count(messages.counts.skipped ?? 0)}>
          <Link href="/messages?state=skipped">each with its reason</Link>
        </Figure>
      </dl>
      <Attention overview={overview} />
      <div className="charts">
        <Section title="Events">
          <ChartFigure
            caption="Events accepted"
            points={events.series.map(({ at, count }) => ({ at: Date.parse(at), count }))}
            series={[{ key: 'count', name: 'Events', colour: 'chart-1' }]}
            timeInWords={hourAndMinute}
          />
        </Section>
        <Section title="Messages">
          <ChartFigure
            caption="Messages by what became of them"
            points={messages.series.map(({ at, ...counts }) => ({ at: Date.parse(at), ...counts }))}
            series={[
              { key: 'sent', name: 'Sent', colour: 'chart-2' },
              { key: 'skipped', name: 'Not sent', colour: 'chart-3' },
              { key: 'failed', name: 'Failed', colour: 'chart-4' },
            ]}
            timeInWords={hourAndMinute}
          />
        </Section>
      </div>
      <Section title="Journeys" actions={<Link href="/journeys">All journeys</Link>}>
        <DataTable
          caption="Journeys, with their runs in the window"
          rows={runs.byJourney}
          keyOf={({ journey }) => journey}
          columns={[
            { title: 'Journey', main: true, wide: true, cell: ({ journey }) => <JourneyLink journey={journey} /> },
            { title: 'Mode', cell: ({ mode }) => <ModeChip mode={mode} /> },
            { title: 'Live', number: true, cell: ({ live }) => count(live) },
            { title: 'Started', number: true, cell: ({ started }) => count(started) },
            { title: 'Ended', number: true, cell: ({ ended }) => count(ended) },
            {
              title: 'Ended by the goal',
              number: true,
              cell: ({ converted, ended }) => {
                if (converted === null) return <span className="second">no goal</span>;
                return ended === 0 ? 'none ended' : `${count(converted)} (${percent(converted / ended)})`;
              },
            },
          ]}
        />
      </Section>
    </>
  );
}

function Figure({ name, value, children }: { name: string; value: string; children: ReactNode }) {
  return (
    <div className="figure-card">
      <dt>{name}</dt>
      <dd className="figure-value">{value}</dd>
      <dd className="figure-says">{children}</dd>
    </div>
  );
}
