/** The API's short names in words: states, outcomes, and why a message did not go. */
import { plural } from './numbers';
import { span } from './durations';

export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'quiet' | 'accent';
export type Facts = Record<string, unknown>;

const states: Record<string, [string, Tone]> = {
  claimed: ['claimed', 'busy'],
  attempting: ['sending', 'busy'],
  sent: ['sent', 'good'],
  delivered: ['delivered', 'good'],
  uncertain: ['uncertain', 'warn'],
  failed: ['failed', 'bad'],
  held: ['held', 'warn'],
  skipped: ['not sent', 'quiet'],
};

export function stateInWords(state: string): [string, Tone] {
  return states[state] ?? [state, 'quiet'];
}

const outcomes: Record<string, [string, Tone]> = {
  converted: ['goal reached', 'good'],
  completed: ['completed', 'accent'],
  exited: ['exited', 'quiet'],
  stopped: ['stopped by an operator', 'warn'],
  terminated: ['terminated in Temporal', 'warn'],
  superseded: ['superseded', 'quiet'],
  erased: ['erased', 'quiet'],
  failed: ['failed', 'bad'],
  not_entered: ['not entered', 'quiet'],
};

export function outcomeInWords(outcome: string | null): [string, Tone] {
  return outcome === null ? ['ended', 'quiet'] : (outcomes[outcome] ?? [outcome.replaceAll('_', ' '), 'quiet']);
}

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const window = (ms: unknown): string => (number(ms) === undefined ? 'the window' : span(number(ms)!));

/** Why a message was not sent, with the figures that decided where the ledger has them. */
export function skipInWords(reason: string | null, why: Facts = {}): string {
  const topic = typeof why['topic'] === 'string' ? ` of the topic ${why['topic']}` : '';
  switch (reason) {
    case 'unsubscribed':
      return `unsubscribed: this person wants no messages${topic}`;
    case 'no_consent':
      return `no consent: this person has not agreed to messages${topic}, which ask for it`;
    case 'suppressed': {
      const because = typeof why['because'] === 'string' ? ` (${why['because']})` : '';
      return `suppressed: nothing is sent to this address any more${because}`;
    }
    case 'capped': {
      const [sent, mayUse] = [number(why['sent']), number(why['mayUse'])];
      return sent === undefined || mayUse === undefined
        ? 'capped: the frequency cap was reached'
        : `capped: ${plural(sent, 'marketing message')} in ${window(why['windowMs'])}, and no more than ${mayUse} may go`;
    }
    case 'cooldown':
      return number(why['cooldownMs']) === undefined
        ? 'cooldown: the same message went a short while ago'
        : `cooldown: the same message goes once in ${window(why['cooldownMs'])}`;
    case 'quiet_hours':
      return 'quiet hours: the message may not go at this hour';
    case 'exited':
      return typeof why['outcome'] === 'string'
        ? `exited: the run had ended before the send (${outcomeInWords(why['outcome'])[0]})`
        : 'exited: the run had ended before the send';
    case 'erased':
      return 'erased: this person was erased';
    case 'holdout':
      return 'holdout: this person is held out of the journey to compare with, and never messaged';
    case 'unreachable':
      return 'unreachable: this person has no address on this channel';
    case 'superseded':
      return 'superseded: another run has taken the place of this one';
    case 'shadow':
      return 'shadow: the journey runs without sending';
    default:
      return reason ?? 'no reason is known';
  }
}

export function holdInWords(reason: string | null): string {
  if (reason === 'journey_paused') return 'the journey is paused; it goes on once the journey is resumed';
  if (reason === 'message_paused') return 'the message is paused in settings; it goes on once it is resumed';
  return reason ?? 'it waits';
}
