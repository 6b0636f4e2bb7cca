/** The messages of a journey by what became of them, each leading to its rows of the ledger. */
import { Link } from 'wouter';
import { withQuery } from '../api/client';
import type { JourneyAnswer } from '../api/answers';
import { SendChip } from '../parts/chip';
import { DataTable } from '../parts/data-table';
import { count } from '../words/numbers';

export function MessageCounts({ journey: { id, messages, cuts } }: { journey: JourneyAnswer }) {
  if (messages.length === 0) return <p className="hint">No run has come to a message yet.</p>;
  return (
    <>
      <DataTable
        caption="Messages by state"
        rows={messages}
        keyOf={({ message, state }) => `${message} ${state}`}
        columns={[
          { title: 'Message', main: true, wide: true, cell: ({ message }) => message },
          { title: 'State', cell: ({ state }) => <SendChip state={state} /> },
          {
            title: 'Number',
            number: true,
            cell: ({ message, state, count: n }) => (
              <Link
                href={withQuery('/messages', { journey: id, state })}
                aria-label={`${n} of ${message} ${state}, show`}
              >
                {count(n)}
              </Link>
            ),
          },
        ]}
      />
      {cuts.messages && <p className="hint">Of the newest 10,000 messages.</p>}
    </>
  );
}
