/** A journey's header in sentences, for people who do not read code. */
import {
  formatDuration,
  type Condition,
  type EventMatch,
  type HeaderData,
  type Quantity,
  type Trigger,
} from '../journey';

const comparisons = {
  moreThan: 'more than',
  atLeast: 'at least',
  lessThan: 'less than',
  atMost: 'at most',
  equals: 'exactly',
};

function trigger(on: Trigger): string {
  if (on.kind === 'event') return on.event;
  if (on.kind === 'absent') return `no ${on.event} for ${formatDuration(on.forMs)}`;
  return 'request';
}

function match({ event, where }: EventMatch): string {
  const rules = Object.entries(where ?? {}).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return rules.length > 0 ? `${event} (${rules.join(', ')})` : event;
}

function quantity(of: Quantity): string {
  switch (of.kind) {
    case 'cart':
      return of.what === 'value' ? 'the value of the cart' : 'the number of items in the cart';
    case 'property':
      return `the event's ${of.name}`;
    case 'trait':
      return `the person's ${of.name}`;
    case 'times': {
      const same = of.same ? ` of the same ${of.same}` : '';
      const within = of.withinMs ? ` within ${formatDuration(of.withinMs)}` : '';
      return `how often ${of.event}${same} came${within}${of.without ? ` without ${of.without}` : ''}`;
    }
  }
}

function condition(rule: Condition): string {
  switch (rule.kind) {
    case 'compare':
      return `${quantity(rule.of)} is ${comparisons[rule.is]} ${String(rule.than)}`;
    case 'all':
      return rule.of.map(nested).join(' and ');
    case 'any':
      return rule.of.map(nested).join(' or ');
    case 'not':
      return `not (${condition(rule.of)})`;
  }
}

function nested(rule: Condition): string {
  return rule.kind === 'all' || rule.kind === 'any' ? `(${condition(rule)})` : condition(rule);
}

export function describeHeader(header: HeaderData): string[] {
  const { on, when, key, entry, exitOn, goal, holdout, mode, topic } = header;
  const lines = [`Starts on ${on.map(trigger).join(' or ')}.`];
  if (when) lines.push(`Only when ${condition(when)}.`);
  if (key !== 'person') lines.push(`One live run per person and ${key}.`);
  if (entry.kind === 'once') lines.push('A person enters once, ever.');
  if (entry.kind === 'per') lines.push(`A person enters once in ${formatDuration(entry.everyMs)}.`);
  if (exitOn.length > 0) lines.push(`Ends on ${exitOn.map(match).join(' or ')}.`);
  if (goal) lines.push(`Its goal is ${match(goal)} within ${formatDuration(goal.withinMs)}.`);
  if (holdout > 0) lines.push(`${holdout} percent are held out: never messaged, still measured.`);
  if (topic) lines.push(`Its messages are of the topic ${topic}.`);
  if (mode !== 'live') lines.push(mode === 'shadow' ? 'Runs in shadow: nothing is sent.' : 'Is paused.');
  return lines;
}
