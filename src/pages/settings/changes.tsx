/** What operators changed: who did what, when, newest first. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { AuditItem } from '../api/answers';
import { ask } from '../api/queries';
import { DataTable } from '../parts/data-table';
import { JourneyLink, messagePath } from '../parts/links';
import { Moment } from '../parts/moment';
import { MoreButton } from '../parts/more';
import { Empty } from '../parts/notice';
import { Section } from '../parts/section';
import { Shown } from '../parts/shown';

export function Changes() {
  const changes = useInfiniteQuery(ask.changes());
  return (
    <Section
      title="Changes"
      says="Modes of journeys, messages paused and resumed, sends settled, runs stopped, keys made and revoked."
    >
      <Shown query={changes} what="the changes">
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.changes);
          if (rows.length === 0)
            return <Empty title="Nothing was changed yet">What somebody changes is kept here.</Empty>;
          return (
            <>
              <DataTable
                caption="Changes"
                rows={rows}
                keyOf={({ id }) => id}
                columns={[
                  { title: 'What', main: true, wide: true, cell: (change) => <What change={change} /> },
                  { title: 'Change', cell: ({ from, to }) => (from === null ? 'made' : `${from} → ${to}`) },
                  { title: 'By', cell: ({ by }) => by.name },
                  { title: 'When', whole: true, cell: ({ at }) => <Moment at={at} /> },
                ]}
              />
              <MoreButton list={changes}>Older changes</MoreButton>
            </>
          );
        }}
      </Shown>
    </Section>
  );
}

function What({ change: { kind, subject, about } }: { change: AuditItem }) {
  switch (kind) {
    case 'journey':
      return (
        <>
          Journey <JourneyLink journey={subject} />
        </>
      );
    case 'template':
      return <>Message {subject}</>;
    case 'message':
      return (
        <>
          A send of <Link href={messagePath(subject)}>{about?.['message'] ?? subject}</Link>
        </>
      );
    case 'run':
      return (
        <>
          Run {subject} of {about?.['journey'] ? <JourneyLink journey={about['journey']} /> : 'a journey'}
        </>
      );
    case 'key':
      return <>Key {about?.['name'] ?? subject}</>;
  }
}
