/** The ledger: every message, whether it went, and why not; those that wait for a decision first. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ask } from '../api/queries';
import { MoreButton } from '../parts/more';
import { useFilter } from '../parts/filters';
import { Empty } from '../parts/notice';
import { PageHead } from '../parts/page-head';
import { Section } from '../parts/section';
import { Select } from '../parts/select';
import { Shown } from '../parts/shown';
import { stateInWords } from '../words/reasons';
import { MessageTable } from './message-table';
import { SettleButtons } from './settle-buttons';

const states = ['sent', 'delivered', 'skipped', 'failed', 'held', 'uncertain', 'attempting', 'claimed'] as const;

export function MessagesPage() {
  const [chosen, setState] = useFilter('state');
  const [journey, setJourney] = useFilter('journey');
  const state = states.find((one) => one === chosen) ?? '';
  const journeys = useQuery(ask.journeys());
  const ids = new Set([...(journeys.data?.journeys.map(({ id }) => id) ?? []), ...(journey ? [journey] : [])]);
  const messages = useInfiniteQuery(ask.messages({ state, journey, limit: 50 }));
  return (
    <>
      <PageHead title="Messages" says={<p>The ledger: what was sent, and what was not, with the reason.</p>} />
      {state !== 'uncertain' && <Uncertain />}
      <div className="toolbar">
        <Select
          name="State"
          value={state}
          all="All states"
          options={states.map((one) => [one, stateInWords(one)[0]])}
          onChange={setState}
        />
        <Select
          name="Journey"
          value={journey}
          all="All journeys"
          options={[...ids].map((id) => [id, id])}
          onChange={setJourney}
        />
      </div>
      <Shown query={messages} what="messages" lines={6}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.messages);
          if (rows.length === 0) {
            return state === '' && journey === '' ? (
              <Empty title="No message yet">One is written down here as soon as a run comes to it.</Empty>
            ) : (
              <Empty title="No message like that">Choose another state or journey.</Empty>
            );
          }
          return (
            <>
              <MessageTable
                sheet
                caption="Messages"
                messages={rows}
                actions={state === 'uncertain' ? (message) => <SettleButtons message={message} small /> : undefined}
              />
              <MoreButton list={messages}>Older messages</MoreButton>
            </>
          );
        }}
      </Shown>
    </>
  );
}

/** Shown where there are any: nothing happens to them until somebody decides. */
function Uncertain() {
  const messages = useInfiniteQuery(ask.messages({ state: 'uncertain', limit: 20 }));
  const rows = messages.data?.pages.flatMap((page) => page.messages) ?? [];
  if (rows.length === 0) return null;
  return (
    <Section
      title="To settle"
      says="The provider was asked to send these and gave no clear answer. Look there what became of each, and say it here."
    >
      <MessageTable
        caption="Uncertain messages"
        messages={rows}
        actions={(message) => <SettleButtons message={message} small />}
      />
      <MoreButton list={messages}>More to settle</MoreButton>
    </Section>
  );
}
