/** A verdict of the router in words: entered or not, and by which inputs. */
import type { TimelineItem } from '../api/answers';
import { exact, span } from './durations';
import type { Facts, Tone } from './reasons';
import { facts } from './values';

export type Decision = Extract<TimelineItem, { kind: 'decision' }>;

export interface DecisionWords {
  title: string;
  says: string;
  tone: Tone;
}

export function decisionInWords(item: Decision, event: string | undefined): DecisionWords {
  const { journey, verdict, reason, label } = item;
  const on = event ?? 'the event';
  switch (verdict) {
    case 'entered': {
      const { holdout, ...inputs } = item.inputs ?? {};
      const looked = facts(inputs);
      const held = holdout === true ? ' This person is in the holdout: never messaged, still measured.' : '';
      return {
        title: `Entered ${journey}`,
        says: `Entered because ${on} came${looked ? `, with ${looked}` : ''}.${held}`,
        tone: 'accent',
      };
    }
    case 'refused':
      return {
        title: `Did not enter ${journey}`,
        says: `Not entered on ${on}: ${label ?? 'refused'}${figures(reason, item.inputs ?? {})}.`,
        tone: 'quiet',
      };
    case 'heard':
      return { title: `${journey} heard ${on}`, says: 'The live run was told of it.', tone: 'quiet' };
    case 'ended':
      return { title: `${journey} was ended by ${on}`, says: `${reason ?? 'It ended'}.`, tone: 'accent' };
    case 'deaf':
      return { title: `${journey} did not hear ${on}`, says: `${reason ?? 'It hears no more'}.`, tone: 'warn' };
  }
}

const ms = (of: unknown): string => (typeof of === 'number' ? span(of) : 'some time');
const time = (of: unknown): string => (typeof of === 'number' ? exact(of) : 'an unknown time');

/** The inputs of a refusal, as the end of its sentence. */
function figures(reason: string | null, inputs: Facts): string {
  switch (reason) {
    case 'paused':
      return '';
    case 'too_old':
      return ` (${ms(inputs['ageMs'])}; it may be ${ms(inputs['entryMaxAgeMs'])})`;
    case 'came_back':
      return ` (${time(inputs['last'])})`;
    case 'entry_limit':
      return inputs['once'] === 'ever'
        ? ` (on ${time(inputs['lastEntry'])}; once, ever)`
        : ` (on ${time(inputs['lastEntry'])}; once in ${ms(inputs['onceEveryMs'])})`;
    case 'already_running':
      return ` (run ${String(inputs['run'])})`;
    default: {
      const looked = facts(inputs);
      return looked ? ` (${looked})` : '';
    }
  }
}
