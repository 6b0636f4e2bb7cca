/** People, seen last first; by user id, e-mail address or name as one types. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import type { PersonSummary } from '../api/answers';
import { ask } from '../api/queries';
import { Chip } from '../parts/chip';
import { DataTable } from '../parts/data-table';
import { useFilter } from '../parts/filters';
import { PersonLink } from '../parts/links';
import { Moment } from '../parts/moment';
import { MoreButton } from '../parts/more';
import { Empty } from '../parts/notice';
import { PageHead } from '../parts/page-head';
import { SearchField } from '../parts/search-field';
import { Shown } from '../parts/shown';
import { plural } from '../words/numbers';

export function PeoplePage() {
  const [search, setSearch] = useFilter('search');
  const asked = useDeferredValue(search.trim());
  const people = useInfiniteQuery(ask.people(asked));
  return (
    <>
      <PageHead title="People" says={<p>Everybody who was reported, seen last first.</p>} />
      <div className="toolbar">
        <SearchField
          name="Search people"
          placeholder="User id, e-mail address or name"
          value={search}
          onChange={setSearch}
        />
      </div>
      <Shown query={people} what="people" lines={6}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.people);
          return (
            <>
              <p className="unseen" role="status">
                {plural(rows.length, 'person', 'people')} shown
              </p>
              {rows.length === 0 ? <Nobody search={asked} /> : <Table people={rows} />}
              <MoreButton list={people}>More people</MoreButton>
            </>
          );
        }}
      </Shown>
    </>
  );
}

function Nobody({ search }: { search: string }) {
  return search === '' ? (
    <Empty title="Nobody is known yet">
      Report somebody: <code>POST /v1/identify</code> with a userId and traits.
    </Empty>
  ) : (
    <Empty title={`Nobody is found by “${search}”`}>
      Search looks at the beginnings of user ids, e-mail addresses and names. Somebody without a user id is at{' '}
      <code>/people/anonymous:</code> and the anonymous id.
    </Empty>
  );
}

function Table({ people }: { people: PersonSummary[] }) {
  return (
    <DataTable
      sheet
      caption="People"
      rows={people}
      keyOf={({ id }) => id}
      columns={[
        {
          title: 'Person',
          main: true,
          cell: ({ id, name, userId }) => (
            <div className="stacked">
              <PersonLink person={id}>{name ?? userId ?? id}</PersonLink>
              {name && <span className="second">{userId ?? id}</span>}
            </div>
          ),
        },
        { title: 'E-mail', wide: true, cell: ({ email }) => email ?? <span className="second">none</span> },
        {
          title: 'Live runs',
          cell: ({ liveRuns }) =>
            liveRuns === 0 ? <span className="second">none</span> : <Chip tone="busy">{liveRuns} live</Chip>,
        },
        { title: 'First seen', cell: ({ firstSeenAt }) => <Moment at={firstSeenAt} /> },
        { title: 'Last seen', cell: ({ lastSeenAt }) => (lastSeenAt ? <Moment at={lastSeenAt} /> : 'never') },
      ]}
    />
  );
}
