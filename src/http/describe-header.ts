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
  const { on, when, key, entry, exitOn, goal, holdout, mode, topic } = header;
  const lines = [`Starts on ${on.map(trigger).join(' or ')}.`];
  if (when) lines.push(`Only when ${describe(when)}.`);
  if (key !== 'person') lines.push(`One live run per person and ${key}.`);
  if (entry.kind === 'once') lines.push('A person enters once, ever.');
  if (entry.kind === 'per') lines.push(`A person enters once in ${durationInWords(entry.everyMs)}.`);
  if (exitOn.length > 0) lines.push(`Ends on ${exitOn.map(match).join(' or ')}.`);
  if (goal) lines.push(`Its goal is ${match(goal)} within ${durationInWords(goal.withinMs)}.`);
  if (holdout > 0) lines.push(`${holdout} percent are held out: never messaged, still measured.`);
  if (topic) lines.push(`Its messages are of the topic ${topic}.`);
  if (mode !== 'live') lines.push(mode === 'shadow' ? 'Runs in shadow: nothing is sent.' : 'Is paused.');
  return lines;
}
