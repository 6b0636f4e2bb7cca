/** Everything that happened to a person, newest first, by day. New things appear at the top by themselves. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ask } from '../api/queries';
import { shownNow } from '../clock/stack-clock';
import { Choices } from '../parts/choices';
import { useFilter } from '../parts/filters';
import { MoreButton } from '../parts/more';
import { Empty } from '../parts/notice';
import { Section } from '../parts/section';
import { Select } from '../parts/select';
import { Shown } from '../parts/shown';
import { byDay } from '../words/days';
import { timeZone } from '../words/durations';
import { keyInWords } from '../words/keyed';
import { readTimeline, type Entry } from '../words/timeline';
import { TimelineEntry } from './timeline-entry';
import { Arrivals } from './arrivals';

const kinds = [
  ['all', 'All'],
  ['message', 'Messages'],
  ['decision', 'Decisions'],
  ['steps', 'Steps'],
  ['event', 'Events'],
] as const;
type Kind = (typeof kinds)[number][0];

/** Which kinds of entry a filter shows; starts and ends of runs belong to decisions, choices to messages. */
const shownBy: Record<Kind, readonly Entry['kind'][]> = {
  all: ['event', 'consent', 'decision', 'wait', 'check', 'message', 'run'],
  message: ['message', 'consent'],
  decision: ['decision', 'run'],
  steps: ['wait', 'check'],
  event: ['event'],
};

export function Timeline({ person }: { person: string }) {
  const [chosen, setKind] = useFilter('show', 'all');
  const [run, setRun] = useFilter('run');
  const kind = kinds.find(([value]) => value === chosen)?.[0] ?? 'all';
  const timeline = useInfiniteQuery(ask.timeline(person));
  const { data } = timeline;
  const entries = useMemo(() => readTimeline(data?.pages.flatMap((page) => page.items) ?? []), [data]);
  const shown = entries.filter((entry) => shownBy[kind].includes(entry.kind) && (run === '' || entry.run === run));

  return (
    <Section
      title="Timeline"
      className="timeline"
      says={`What happened, and why; newest first, in your time zone, ${timeZone()}.`}
    >
      <div className="toolbar">
        <Choices name="Show" options={kinds} value={kind} onChange={setKind} />
        <Select name="Run" value={run} all="All runs" options={runsIn(entries, run)} onChange={setRun} />
      </div>
      <Shown query={timeline} what="the timeline" lines={8}>
        {() => (
          <>
            <Arrivals entries={entries} />
            {shown.length === 0 ? (
              <Empty title={entries.length === 0 ? 'Nothing has happened yet' : 'Nothing of this kind'}>
                {timeline.hasNextPage && 'There may be some further back.'}
              </Empty>
            ) : (
              byDay(shown, shownNow()).map((day) => (
                <div key={day.key} className="day">
                  <h3>{day.title}</h3>
                  <ol className="entries">
                    {day.entries.map((entry) => (
                      <TimelineEntry key={entry.id} entry={entry} />
                    ))}
                  </ol>
                </div>
              ))
            )}
            <MoreButton list={timeline}>Older</MoreButton>
          </>
        )}
      </Shown>
    </Section>
  );
}

function runsIn(entries: readonly Entry[], chosen: string): [string, string][] {
  const runs = new Map<string, string>(chosen === '' ? [] : [[chosen, `Run ${chosen}`]]);
  for (const { run, journey = 'Run', keyed } of entries) {
    if (run !== undefined) runs.set(run, `${journey} (${keyed ? `${keyInWords(keyed)}, ` : ''}run ${run})`);
  }
  return [...runs];
}
