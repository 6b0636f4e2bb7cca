/** Runs in a table: by the person or by the journey, whichever the page is not about. */
import type { ReactNode } from 'react';
import type { RunSummary } from '../api/answers';
import { Chip, RunChip } from './chip';
import { DataTable, type Column } from './data-table';
import { KeyOfRun } from './key-of-run';
import { JourneyLink, Outside, PersonLink } from './links';
import { Moment } from './moment';

interface Props {
  caption: string;
  runs: readonly RunSummary[];
  show: 'person' | 'journey';
  actions?: (run: RunSummary) => ReactNode;
}

export function RunTable({ caption, runs, show, actions }: Props) {
  const columns: Column<RunSummary>[] = [
    {
      title: show === 'person' ? 'Person' : 'Journey',
      main: true,
      wide: true,
      cell: ({ person, journey, keyed }) => (
        <>
          {show === 'person' ? <PersonLink person={person} /> : <JourneyLink journey={journey} />}
          {keyed && <KeyOfRun keyed={keyed} className="second" />}
        </>
      ),
    },
    {
      title: 'State',
      cell: ({ state, outcome, holdout }) => (
        <span className="chips">
          <RunChip state={state} outcome={outcome} />
          {holdout && <Chip title="Never messaged, still measured">holdout</Chip>}
        </span>
      ),
    },
    { title: 'Started', cell: ({ startedAt }) => <Moment at={startedAt} /> },
    { title: 'Ended', cell: ({ endedAt, reason }) => (endedAt ? <Ended at={endedAt} reason={reason} /> : '') },
    {
      title: 'Temporal',
      cell: ({ temporal, id }) => (temporal ? <Outside href={temporal}>Run {id}</Outside> : `Run ${id}`),
    },
  ];
  if (runs.every(({ endedAt }) => endedAt === null)) columns.splice(3, 1);
  if (actions) columns.push({ title: 'Actions', cell: actions });
  return <DataTable caption={caption} rows={runs} keyOf={({ id }) => id} columns={columns} />;
}

function Ended({ at, reason }: { at: string; reason: string | null }) {
  return (
    <div className="stacked">
      <Moment at={at} />
      {reason && <span className="second">{reason}</span>}
    </div>
  );
}
