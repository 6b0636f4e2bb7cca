/** The answer first: for each journey whether a message went to this person, and if not, why. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { ask } from '../api/queries';
import { Chip } from '../parts/chip';
import { KeyOfRun } from '../parts/key-of-run';
import { JourneyLink, messagePath } from '../parts/links';
import { Moment } from '../parts/moment';
import { Section } from '../parts/section';
import { Shown } from '../parts/shown';
import { inShort, type Answer } from '../words/in-short';
import { readTimeline } from '../words/timeline';
import { Until } from './until';

/** More than these are asked for. */
const shownAtFirst = 4;

export function InShort({ person }: { person: string }) {
  const journeys = useQuery(ask.journeys());
  const runs = useInfiniteQuery(ask.runs({ person, limit: 50 }));
  const messages = useInfiniteQuery(ask.messages({ person, limit: 50 }));
  const timeline = useInfiniteQuery(ask.timeline(person));
  const failed = [journeys, runs, messages, timeline].find(({ error }) => error !== null);
  const query = { data: answersOf(), error: failed?.error ?? null, refetch: () => void failed?.refetch() };
  return (
    <Section title="In short" says="What each journey last came to for this person, and why." className="in-short">
      <Shown query={query} what="the answers" lines={3}>
        {(answers) => <Answers answers={answers} />}
      </Shown>
    </Section>
  );

  function answersOf(): Answer[] | undefined {
    if (!journeys.data || !runs.data || !messages.data || !timeline.data) return undefined;
    const items = timeline.data.pages.flatMap((page) => page.items);
    return inShort({
      journeys: journeys.data.journeys,
      runs: runs.data.pages.flatMap((page) => page.runs),
      messages: messages.data.pages.flatMap((page) => page.messages),
      items,
      entries: readTimeline(items),
      further: runs.hasNextPage || messages.hasNextPage || timeline.hasNextPage,
    });
  }
}

function Answers({ answers }: { answers: Answer[] }) {
  const [all, setAll] = useState(false);
  if (answers.length === 0) return <p className="hint">There is no journey yet.</p>;
  return (
    <>
      <ul className="answers">
        {(all ? answers : answers.slice(0, shownAtFirst)).map((answer) => (
          <li key={answer.journey} className="answer">
            <OneAnswer answer={answer} />
          </li>
        ))}
      </ul>
      {answers.length > shownAtFirst && (
        <button type="button" className="button button-small answers-all" onClick={() => setAll(!all)}>
          {all ? 'Fewer' : `All ${answers.length} journeys`}
        </button>
      )}
    </>
  );
}

function OneAnswer({ answer: { journey, keyed, chip, says, message, waiting, before, at } }: { answer: Answer }) {
  const [word, tone] = chip;
  return (
    <>
      <p className="answer-of">
        <JourneyLink journey={journey} />
        {keyed && <KeyOfRun keyed={keyed} className="second" />}
        {at && (
          <span className="second">
            <Moment at={at} />
          </span>
        )}
      </p>
      <div>
        <p className="answer-title">
          <Chip tone={tone}>{word}</Chip>
          {message ? <Link href={messagePath(message.id)}>{message.name}</Link> : says}
        </p>
        {message && <p>{says}</p>}
        {waiting && (
          <p className="second">
            Now it {waiting.label}
            <Until waiting={waiting} />.
          </p>
        )}
        {before && (
          <p className="second">
            Before that: <Link href={messagePath(before.id)}>{before.name}</Link>, {before.word},{' '}
            <Moment at={before.at} />.
          </p>
        )}
      </div>
    </>
  );
}
