/**
 * The timeline as it is read: items of the API become entries with a sentence that says why, and what tells the same
 * thing twice (a message and the step that sent it, an entry and the start of its run) becomes one entry.
 */
import type { Keyed, RunAnswer, TimelineItem } from '../api/answers';
import { consentInWords } from './consent-words';
import { decisionInWords, type Decision } from './decision-words';
import { runInWords } from './keyed';
import { messageInWords, type MessageItem } from './message-words';
import { outcomeInWords, type Tone } from './reasons';
import { stepInWords, verbOf, type Step } from './step-words';
import { besidesPath, isPage, titleOf } from './page-words';
import { facts } from './values';

export type EntryKind = 'event' | 'consent' | 'decision' | 'wait' | 'check' | 'message' | 'run';

export interface Entry {
  id: string;
  at: string;
  kind: EntryKind;
  tone: Tone;
  title: string;
  /** One or more sentences: why. */
  says?: string;
  /** In few words, beside the title. */
  note?: string;
  run?: string;
  /** Of that run, where it has such. */
  keyed?: Keyed;
  journey?: string;
  /** The message it leads to. */
  message?: string;
  /** What the API said, folded items included. */
  raw: TimelineItem[];
}

type Of<K extends TimelineItem['kind']> = Extract<TimelineItem, { kind: K }>;

function only<K extends TimelineItem['kind']>(items: readonly TimelineItem[], kind: K): Of<K>[] {
  return items.filter((item): item is Of<K> => item.kind === kind);
}

/** Items newest first, as the API gives them; entries in the same order. */
export function readTimeline(items: readonly TimelineItem[]): Entry[] {
  const events = new Map(only(items, 'event').map((event) => [event.id, event.name]));
  const decisions = only(items, 'decision');
  const steps = only(items, 'step');
  const sendSteps = pairSends(only(items, 'message'), steps);
  const folded = new Set<TimelineItem>(sendSteps.values());
  const starts = new Map(only(items, 'run_started').map((start) => [start.run, start]));
  const ends = new Map(only(items, 'run_ended').map((end) => [end.run, end]));
  const heard = new Map<string, Decision[]>();

  for (const decision of decisions) {
    const start = decision.verdict === 'entered' ? starts.get(decision.run ?? '') : undefined;
    if (start) folded.add(start);
    if (decision.verdict === 'ended' && ends.has(decision.run ?? '')) folded.add(decision);
    if (decision.verdict === 'heard' && events.has(decision.event)) {
      folded.add(decision);
      heard.set(decision.event, [...(heard.get(decision.event) ?? []), decision]);
    }
  }
  for (const step of steps) if (step.result === 'ended' && ends.has(step.run)) folded.add(step);

  return items.filter((item) => !folded.has(item)).map((item) => entryOf(item));

  function entryOf(item: TimelineItem): Entry {
    const base = { at: item.at, raw: [item], keyed: 'keyed' in item ? item.keyed : undefined };
    switch (item.kind) {
      case 'event': {
        const told = heard.get(item.id) ?? [];
        return {
          ...base,
          id: `event:${item.id}`,
          kind: 'event',
          tone: item.planned ? 'quiet' : 'warn',
          title: titleOf(item),
          note: item.planned ? undefined : 'not in the tracking plan',
          says: sentences(
            facts(isPage(item) ? besidesPath(item.properties) : item.properties),
            told.length > 0 && `Heard by ${told.map((d) => runInWords(d.journey, d.keyed)).join(', ')}`,
          ),
          raw: [item, ...told],
        };
      }
      case 'consent':
        return { ...base, id: `consent:${item.topic}:${item.at}`, kind: 'consent', ...consentInWords(item) };
      case 'decision': {
        const start = item.verdict === 'entered' ? starts.get(item.run ?? '') : undefined;
        return {
          ...base,
          id: `decision:${item.number}`,
          kind: 'decision',
          ...decisionInWords(item, events.get(item.event)),
          run: item.run ?? undefined,
          journey: item.journey,
          raw: start ? [item, start] : [item],
        };
      }
      case 'step': {
        const { because: _, ...words } = stepInWords(item);
        return {
          ...base,
          id: `step:${item.run}:${item.at}:${item.step}:${item.result}`,
          tone: 'quiet',
          ...words,
          run: item.run,
          journey: item.journey,
        };
      }
      case 'message': {
        const step = sendSteps.get(item);
        return {
          ...base,
          id: `message:${item.id}`,
          kind: 'message',
          ...messageInWords(item, step, reasonsFor(item, step, items, events)),
          run: item.run,
          journey: item.journey,
          message: item.id,
          raw: step ? [item, step] : [item],
        };
      }
      case 'run_started':
        return {
          ...base,
          id: `started:${item.run}`,
          kind: 'run',
          tone: 'accent',
          title: `Run of ${item.journey} started`,
          says: item.holdout ? 'This person is in the holdout: never messaged, still measured.' : undefined,
          run: item.run,
          journey: item.journey,
        };
      case 'run_ended': {
        const [outcome, tone] = outcomeInWords(item.outcome);
        return {
          ...base,
          id: `ended:${item.run}`,
          kind: 'run',
          tone,
          title: `Run of ${item.journey} ended: ${outcome}`,
          says: endInWords(item, outcome),
          run: item.run,
          journey: item.journey,
          raw: [item, ...decisions.filter((d) => d.verdict === 'ended' && d.run === item.run)],
        };
      }
    }
  }
}

/** The reason that the pages give for a stop says no more than the title. */
function endInWords({ by, reason }: Of<'run_ended'>, outcome: string): string | undefined {
  return sentences(by !== null && `Stopped by ${by}`, reason !== null && reason !== outcome && `Reason: ${reason}`);
}

function sentences(...parts: (string | false)[]): string | undefined {
  const given = parts.filter((part) => typeof part === 'string' && part !== '');
  return given.length === 0 ? undefined : given.map((part) => `${String(part)}.`).join(' ');
}

/** Each message with the step that sent it, or holds it: the newest with the newest, within a run and a message. */
function pairSends(messages: MessageItem[], steps: Step[]): Map<MessageItem, Step> {
  const tries = steps.filter(({ step, result }) => verbOf(step).verb === 'send' && result !== 'ended');
  const taken = new Set<Step>();
  const pairs = new Map<MessageItem, Step>();
  for (const message of messages) {
    const step = tries.find(
      (one) =>
        !taken.has(one) &&
        one.run === message.run &&
        (one.result === 'held') === (message.state === 'held') &&
        verbOf(one.step).object === message.message &&
        one.at >= message.at,
    );
    // A message on its way has no step yet; an older message must not get the step of a newer one.
    if (!step || ['claimed', 'attempting'].includes(message.state)) continue;
    taken.add(step);
    pairs.set(message, step);
  }
  return pairs;
}

/** What led to a message, as its run tells it. */
export function reasonsInRun(run: RunAnswer, message: { step: string; createdAt: string }): string[] {
  const own = run.steps.findIndex(({ step }) => step === message.step);
  const before = (own < 0 ? run.steps : run.steps.slice(0, own)).filter(({ at }) => at <= message.createdAt);
  const lastSend = before.findLastIndex(({ step }) => verbOf(step).verb === 'send');
  const said = before.slice(lastSend + 1).map((step) => stepInWords({ ...step, kind: 'step', ...ofRun(run) }).because);
  const start = lastSend < 0 ? [`${run.trigger.name} came`] : [];
  return [...start, ...said.filter((because) => because !== undefined)];
}

const ofRun = ({ id, journey }: RunAnswer) => ({ run: id, journey });

/** What led to a message, oldest first: since the send before it in its run, or since the run's start. */
function reasonsFor(
  message: MessageItem,
  own: Step | undefined,
  items: readonly TimelineItem[],
  events: Map<string, string>,
): string[] {
  const reasons: string[] = [];
  for (const item of items) {
    if (item.at > message.at || item === message || item === own) continue;
    if (!('run' in item) || item.run !== message.run) continue;
    if (item.kind === 'message') {
      if (item.at < message.at) break;
    } else if (item.kind === 'step') {
      if (verbOf(item.step).verb === 'send') break;
      const { because } = stepInWords(item);
      if (because !== undefined) reasons.push(because);
    } else if (item.kind === 'decision' && item.verdict === 'entered') {
      const { holdout: _, ...inputs } = item.inputs ?? {};
      const looked = facts(inputs);
      reasons.push(`${events.get(item.event) ?? 'the trigger'} came${looked ? ` with ${looked}` : ''}`);
    }
  }
  return reasons.reverse();
}
