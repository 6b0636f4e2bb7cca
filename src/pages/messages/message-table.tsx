/** Rows of the ledger. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { MessageSummary } from '../api/answers';
import { SendChip } from '../parts/chip';
import { DataTable, type Column } from '../parts/data-table';
import { JourneyLink, messagePath, PersonLink } from '../parts/links';
import { Moment } from '../parts/moment';
import { holdInWords, skipInWords } from '../words/reasons';

interface Props {
  caption: string;
  messages: readonly MessageSummary[];
  actions?: (message: MessageSummary) => ReactNode;
  sheet?: boolean;
}

export function MessageTable({ caption, messages, actions, sheet }: Props) {
  const columns: Column<MessageSummary>[] = [
    {
      title: 'Message',
      main: true,
      wide: true,
      cell: ({ id, message, subject }) => (
        <div className="stacked">
          <Link href={messagePath(id)}>{message}</Link>
          {subject && <span className="second">{subject}</span>}
        </div>
      ),
    },
    {
      title: 'State',
      cell: (message) => (
        <div className="stacked">
          <span>
            <SendChip state={message.state} />
          </span>
          <span className="second">{whyShort(message)}</span>
        </div>
      ),
    },
    { title: 'Person', cell: ({ person }) => <PersonLink person={person} /> },
    { title: 'Journey', whole: true, cell: ({ journey }) => <JourneyLink journey={journey} /> },
    { title: 'When', cell: ({ createdAt }) => <Moment at={createdAt} /> },
  ];
  if (actions) columns.push({ title: 'Settle', whole: true, cell: actions });
  return <DataTable sheet={sheet} caption={caption} rows={messages} keyOf={({ id }) => id} columns={columns} />;
}

function whyShort({ state, reason }: MessageSummary): string {
  if (state === 'skipped') return skipInWords(reason);
  if (state === 'held') return holdInWords(reason);
  return reason ?? '';
}
