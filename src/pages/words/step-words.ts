/** A run's recorded step in words. Steps are named by their verb and its object: `idle 15m`, `waitFor purchase #2`. */
import type { TimelineItem } from '../api/answers';
import { spelledOut } from './durations';
import { holdInWords, outcomeInWords, skipInWords } from './reasons';
import { facts, value } from './values';

export type Step = Extract<TimelineItem, { kind: 'step' }>;

export interface StepWords {
  kind: 'wait' | 'check' | 'message';
  title: string;
  says?: string;
  /** As part of a sentence that says why a message went; none where it is no reason. */
  because?: string;
}

export function verbOf(step: string): { verb: string; object: string } {
  const space = step.indexOf(' ');
  const object = space < 0 ? '' : step.slice(space + 1).replace(/ #\d+$/, '');
  return { verb: space < 0 ? step : step.slice(0, space), object };
}

const oneOf = (names: string): string => names.replaceAll(', ', ' or ');

const timed = ['idle', 'sleep', 'sleepUntil'];

export function stepInWords(item: Step): StepWords {
  const { verb, object: named } = verbOf(item.step);
  const object = timed.includes(verb) ? spelledOut(named) : named;
  const why = item.why ?? {};
  if (item.result === 'ended') {
    const outcome = typeof why['outcome'] === 'string' ? outcomeInWords(why['outcome'])[0] : 'ended';
    return { kind: 'wait', title: `Wait cut short: ${item.label}`, says: `The run ended meanwhile: ${outcome}.` };
  }
  switch (verb) {
    case 'idle':
      return {
        kind: 'wait',
        title: `No activity for ${object}`,
        says: `The person was last active ${when(why['lastActivity'])}.`,
        because: `there was no activity for ${object}`,
      };
    case 'sleep':
      return { kind: 'wait', title: `Waited ${object}`, because: `${object} had passed` };
    case 'sleepUntil':
      return {
        kind: 'wait',
        title: `Waited until ${object}`,
        says: item.result === 'done' ? undefined : 'That time had passed already.',
        because: `it was ${object}`,
      };
    case 'waitFor':
      return waitInWords(item, object);
    case 'check': {
      const answer = typeof why['answer'] === 'object' ? facts(why['answer']) : item.result;
      return {
        kind: 'check',
        title: `Check ${object}: ${answer}`,
        says: why['args'] === undefined ? undefined : `Asked with ${facts(why['args'])}.`,
        because: `${object} answered ${answer.includes(' ') ? `“${answer}”` : answer}`,
      };
    }
    case 'experiment':
      return {
        kind: 'check',
        title: `Variant of ${object}: ${item.result}`,
        says: `By weight, once per person: ${facts(why['weights'])}.`,
      };
    case 'send':
      return sendInWords(item, object);
    default:
      return { kind: 'check', title: `${item.label}: ${item.result}`, says: facts(why) || undefined };
  }
}

function waitInWords({ result, why }: Step, object: string): StepWords {
  const within = spelledOut(value(why?.['within'] ?? ''));
  const about = /^(\S+) (clicked|opened|delivered)$/.exec(object);
  if (result === 'expired' && about) {
    const says = `${about[1]} was not ${about[2]} within ${within}`;
    return { kind: 'wait', title: says, because: says };
  }
  if (result === 'expired') {
    return {
      kind: 'wait',
      title: `No ${oneOf(object)}${within && ` within ${within}`}`,
      because: `no ${oneOf(object)} came within ${within}`,
    };
  }
  if (result === 'not sent') {
    return {
      kind: 'wait',
      title: `Did not wait for ${oneOf(object)}`,
      says: 'The message that it is about had not gone.',
    };
  }
  const heard = about ? `${about[1]} ${about[2]}` : result.replace(/^heard /, '');
  if (about)
    return {
      kind: 'wait',
      title: heard,
      says: `It came ${when(why?.['at'])}.`,
      because: `${about[1]} was ${about[2]}`,
    };
  return {
    kind: 'wait',
    title: `Heard ${heard}`,
    says: `It was waiting for ${oneOf(object)}; it came ${when(why?.['at'])}.`,
    because: `${heard} came`,
  };
}

function sendInWords({ result, why }: Step, object: string): StepWords {
  const reason = typeof why?.['reason'] === 'string' ? why['reason'] : null;
  if (result === 'held') {
    return { kind: 'message', title: `Held back: ${object}`, says: `Held: ${holdInWords(reason)}.` };
  }
  if (result === 'skipped') {
    return { kind: 'message', title: `Not sent: ${object}`, says: `Not sent: ${skipInWords(reason, why ?? {})}.` };
  }
  return { kind: 'message', title: `${object}: ${result}`, says: reason === null ? undefined : `${reason}.` };
}

/** Steps give times as spans since the run's start: `6s`, or before it: `-3m`. */
function when(since: unknown): string {
  if (typeof since !== 'string' || since === 'none') return 'at no time that is known';
  if (/^-/.test(since)) return `${spelledOut(since.slice(1))} before the run started`;
  return /^0[a-z]+$/.test(since) ? 'as the run started' : `${spelledOut(since)} after the run started`;
}
