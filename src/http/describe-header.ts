/** A journey's header in sentences, for people who do not read code. */
import { describe } from '../behaviour';
import { durationInWords, type EventMatch, type HeaderData, type Trigger } from '../journey';

function trigger(on: Trigger): string {
  if (on.kind === 'event') return on.event;
  if (on.kind === 'absent') return `no ${on.event} for ${durationInWords(on.forMs)}`;
  return 'request';
}

function match({ event, where }: EventMatch): string {
  const rules = Object.entries(where ?? {}).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return rules.length > 0 ? `${event} (${rules.join(', ')})` : event;
}

export function describeHeader(header: HeaderData): string[] {
  const { on, when, key, entry, entryMaxAgeMs, onRepeat, exitOn, goal, holdout, mode, topic } = header;
  const lines = [`Starts on ${on.map(trigger).join(' or ')}.`];
  if (when) lines.push(`Only when ${describe(when)}.`);
  if (key !== 'person') lines.push(`One live run per person and ${key}.`);
  if (entry.kind === 'once') lines.push('A person enters once, ever.');
  if (entry.kind === 'per') lines.push(`A person enters once in ${durationInWords(entry.everyMs)}.`);
  if (entryMaxAgeMs !== 3_600_000) lines.push(`A trigger may be ${durationInWords(entryMaxAgeMs)} old.`);
  if (onRepeat === 'restart') lines.push('A repeated trigger restarts a live run.');
  if (onRepeat === 'hear') lines.push('A repeated trigger is heard by a live run.');
  if (exitOn.length > 0) lines.push(`Ends on ${exitOn.map(match).join(' or ')}.`);
  if (goal) lines.push(`Its goal is ${match(goal)} within ${durationInWords(goal.withinMs)}.`);
  if (holdout > 0) lines.push(`${holdout} percent are held out: never messaged, still measured.`);
  if (topic) lines.push(`Its messages are of the topic ${topic}.`);
  if (header.priority === 'high') lines.push('Its messages may use the last place under the daily cap.');
  if (header.versions === 'follow') lines.push('Its runs take the newest code.');
  if (mode !== 'live') lines.push(mode === 'shadow' ? 'Runs in shadow: nothing is sent.' : 'Is paused.');
  return lines;
}
