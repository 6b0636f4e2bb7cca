/** Runs of a journey, each leading to its person and to Temporal. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { ask } from '../api/queries';
import { Choices } from '../parts/choices';
import { useFilter } from '../parts/filters';
import { MoreButton } from '../parts/more';
import { Empty } from '../parts/notice';
import { RunTable } from '../parts/run-table';
import { Section } from '../parts/section';
import { Shown } from '../parts/shown';

const states = [
  ['live', 'Live'],
  ['ended', 'Ended'],
] as const;

export function RunList({ journey }: { journey: string }) {
  const [chosen, setState] = useFilter('runs', 'live');
  const state = states.find(([value]) => value === chosen)?.[0] ?? 'live';
  const runs = useInfiniteQuery(ask.runs({ journey, state, limit: 25 }));
  return (
    <Section title="Runs" actions={<Choices name="Which runs" options={states} value={state} onChange={setState} />}>
      <Shown query={runs} what="the runs">
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.runs);
          return rows.length === 0 ? (
            <Empty title={state === 'live' ? 'No run is live' : 'No run has ended yet'} />
          ) : (
            <>
              <RunTable caption={`Runs of ${journey}`} runs={rows} show="person" />
              <MoreButton list={runs}>Older runs</MoreButton>
            </>
          );
        }}
      </Shown>
    </Section>
  );
}
