/** What each journey last came to for a person, and why: the answer to "did they get it?" before anybody reads the timeline. */
import type { JourneySummary, Keyed, MessageSummary, RunSummary, TimelineItem } from '../api/answers';
import { decisionInWords, type Decision } from './decision-words';
import { messageInWords } from './message-words';
import { outcomeInWords, stateInWords, type Tone } from './reasons';
import type { Entry } from './timeline';

export interface Answer {
  journey: string;
  /** Which of several runs it was about. */
  keyed?: Keyed;
  /** When that was; none where the journey never started. */
  at?: string;
  chip: [word: string, tone: Tone];
  says: string;
  /** What a live run waits for, and until when. */
  waiting?: RunSummary['waiting'];
  /** What it was about, where that is a message. */
  message?: Link;
  /** The message before, where the answer is not that one. */
  before?: Link & { at: string; word: string };
}

interface Link {
  id: string;
  name: string;
}

/** All lists newest first. */
export interface Known {
  journeys: readonly JourneySummary[];
  runs: readonly RunSummary[];
  messages: readonly MessageSummary[];
  items: readonly TimelineItem[];
  /** Of the same items. */
  entries: readonly Entry[];
  /** Whether there are older runs, messages or items that are not among these. */
  further: boolean;
}

/** Journeys that something happened in first, the newest of them first; then those that never started. */
export function inShort(known: Known): Answer[] {
  const { journeys, runs, messages, items } = known;
  const refusals = items.filter(
    (item): item is Decision =>
      // That a run was live already says nothing of what became of it.
      item.kind === 'decision' && item.verdict === 'refused' && item.reason !== 'already_running',
  );
  const ids = new Set(
    [...journeys, ...runs.map(asId), ...messages.map(asId), ...refusals.map(asId)].map(({ id }) => id),
  );
  const answers = [...ids].map((id) =>
    answerOf(
      known,
      id,
      runs.find(({ journey }) => journey === id),
      messages.filter(({ journey }) => journey === id),
      refusals.find(({ journey }) => journey === id),
    ),
  );
  return answers.sort((a, b) => ((a.at ?? '') === (b.at ?? '') ? 0 : (a.at ?? '') > (b.at ?? '') ? -1 : 1));
}

const asId = ({ journey }: { journey: string }): { id: string } => ({ id: journey });

function answerOf(
  known: Known,
  journey: string,
  run: RunSummary | undefined,
  messages: MessageSummary[],
  refusal: Decision | undefined,
): Answer {
  const own = run && messages.find(({ runId }) => runId === run.id);
  const last = own ? messageAnswer(own, run, known.entries) : run ? runAnswer(run) : undefined;
  const shown = refusal && (last?.at ?? '') < refusal.at ? refusalAnswer(refusal, known.items) : last;
  if (!shown) return { journey, ...neverStarted(known, journey) };
  const before = messages.find(({ id }) => id !== shown.message?.id);
  return {
    journey,
    ...shown,
    ...(before && {
      before: { id: before.id, name: before.message, at: before.createdAt, word: stateInWords(before.state)[0] },
    }),
  };
}

type Shown = Omit<Answer, 'journey' | 'before'>;

function messageAnswer(message: MessageSummary, run: RunSummary, entries: readonly Entry[]): Shown {
  const entry = entries.find((one) => one.message === message.id);
  const item = { ...message, kind: 'message' as const, at: message.createdAt, run: message.runId };
  return {
    at: message.createdAt,
    chip: stateInWords(message.state),
    says: entry?.says ?? messageInWords(item, undefined, []).says,
    message: { id: message.id, name: message.message },
    keyed: run.keyed ?? undefined,
    ...(run.state === 'live' && { waiting: run.waiting }),
  };
}

function runAnswer(run: RunSummary): Shown {
  if (run.state === 'live') {
    const says = run.holdout ? `No message: ${heldOut}.` : 'No message yet: its run is live.';
    return {
      at: run.startedAt,
      keyed: run.keyed ?? undefined,
      chip: run.holdout ? ['held out', 'quiet'] : ['waiting', 'busy'],
      says,
      waiting: run.waiting,
    };
  }
  return {
    at: run.endedAt ?? run.startedAt,
    keyed: run.keyed ?? undefined,
    chip: ['no message', 'quiet'],
    says: `No message: ${withoutMessage(run)}.`,
  };
}

const heldOut = 'this person is held out of the journey to compare with, and never messaged';

function withoutMessage({ holdout, outcome, reason }: RunSummary): string {
  if (holdout) return heldOut;
  if (outcome === 'completed') return 'the run went to its end without one';
  const [ended] = outcomeInWords(outcome);
  const because = reason === null || reason === ended ? '' : ` (${reason})`;
  if (outcome === 'converted') return `the goal was reached before one was due${because}`;
  if (outcome === 'exited') return `the run ended before one was due${because}`;
  return `the run ended before one was due: ${ended}${because}`;
}

function refusalAnswer(refusal: Decision, items: readonly TimelineItem[]): Shown {
  const event = items.find((item) => item.kind === 'event' && item.id === refusal.event);
  const { says } = decisionInWords(refusal, event?.kind === 'event' ? event.name : undefined);
  return { at: refusal.at, chip: ['not entered', 'warn'], says };
}

function neverStarted({ journeys, further }: Known, id: string): Shown {
  const says =
    journeys
      .find((journey) => journey.id === id)
      ?.says.slice(0, 2)
      .join(' ') ?? '';
  const since = further ? 'It has not started for this person lately.' : 'It never started for this person.';
  return { chip: ['not started', 'quiet'], says: `${since} ${says}`.trim() };
}
