/** All journeys: what each does in a sentence, and how many are in it. */
import { useQuery } from '@tanstack/react-query';
import type { JourneySummary } from '../api/answers';
import { ask } from '../api/queries';
import { ModeChip } from '../parts/chip';
import { DataTable } from '../parts/data-table';
import { JourneyLink } from '../parts/links';
import { Empty } from '../parts/notice';
import { PageHead } from '../parts/page-head';
import { Shown } from '../parts/shown';
import { count, percent } from '../words/numbers';

export function JourneysPage() {
  const journeys = useQuery(ask.journeys());
  return (
    <>
      <PageHead
        title="Journeys"
        says={<p>Each is one file in workflows/; each run of it is one person's way through.</p>}
      />
      <Shown query={journeys} what="the journeys">
        {({ journeys: list }) =>
          list.length === 0 ? (
            <Empty title="There is no journey yet">
              Write one: a file in <code>workflows/</code> is a journey, from the next start on.
            </Empty>
          ) : (
            <Table journeys={list} />
          )
        }
      </Shown>
    </>
  );
}

function Table({ journeys }: { journeys: JourneySummary[] }) {
  return (
    <DataTable
      sheet
      caption="Journeys"
      rows={journeys}
      keyOf={({ id }) => id}
      columns={[
        {
          title: 'Journey',
          main: true,
          wide: true,
          cell: ({ id, says }) => (
            <div className="stacked">
              <JourneyLink journey={id} />
              <span className="second">{says.slice(0, 2).join(' ')}</span>
            </div>
          ),
        },
        { title: 'Mode', cell: ({ mode }) => <ModeChip mode={mode} /> },
        { title: 'Entered', number: true, cell: ({ counts }) => count(counts.entered) },
        { title: 'Live', number: true, cell: ({ counts }) => count(counts.live) },
        { title: 'Ended by the goal', number: true, cell: goal },
      ]}
    />
  );
}

function goal({ header, counts }: JourneySummary) {
  if (!header.goal) return <span className="second">no goal</span>;
  const ended = counts.entered - counts.live;
  const converted = counts.outcomes.converted ?? 0;
  return ended === 0 ? '0' : `${count(converted)} (${percent(converted / ended)} of ended)`;
}
