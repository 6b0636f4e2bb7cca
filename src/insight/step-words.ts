/** What a step's name in a trace, and a refusal's reason, say to people who have not read the journey. Pure. */

/** By verb, as `run.name` writes them: what stands before the object. */
const verbs: Record<string, (object: string) => string> = {
  idle: (object) => {
    const [, time = object, of = 'activity'] = /^(.*?) of (.*)$/s.exec(object) ?? [];
    return `waits for ${spelledOut(time)} without ${oneOf(of)}`;
  },
  sleep: (object) => `waits ${spelledOut(object)}`,
  sleepUntil: (object) => `waits until ${spelledOut(object)}`,
  waitFor: (object) => `waits for ${oneOf(object).replace(/ (clicked|opened|delivered)$/, ' to be $1')}`,
  collect: (object) => `collects ${object}`,
  check: (object) => `checks ${words(object)}`,
  send: (object) => `sends ${words(object)}`,
  experiment: (object) => `draws a variant of ${words(object)}`,
  update: (object) => `changes ${object}`,
  emit: (object) => `reports ${object}`,
  start: (object) => `starts ${words(object)}`,
  hear: () => 'hears no further events',
};

/** `send cart-reminder #2` as `sends cart reminder (2nd time)`; a name of another form stays as it is. */
export function stepInWords(step: string): string {
  const [, name = step, count] = /^(.*?)(?: #(\d+))?$/s.exec(step) ?? [];
  const space = name.indexOf(' ');
  const verb = space < 0 ? name : name.slice(0, space);
  const say = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!say) return step;
  return say(space < 0 ? '' : name.slice(space + 1)) + (count === undefined ? '' : ` (${ordinal(Number(count))} time)`);
}

const refusals: Record<string, string> = {
  paused: 'the journey was paused',
  too_old: 'the event was too old',
  came_back: 'the person had come back',
  hop_limit: 'too many journeys stood behind the event',
  no_key: 'the event lacked the property that tells runs apart',
  rule_not_met: 'the entry rule did not hold',
  already_running: 'a run was live already',
  entry_limit: 'the person had entered before',
};

export function refusalInWords(reason: string): string {
  return Object.hasOwn(refusals, reason) ? refusals[reason]! : reason.replaceAll('_', ' ');
}

const oneOf = (names: string): string => names.replaceAll(', ', ' or ');

const units: Record<string, string> = { d: 'day', h: 'hour', m: 'minute', s: 'second' };

/** `1d 30m` as `1 day 30 minutes`, wherever it stands. */
function spelledOut(text: string): string {
  return text.replaceAll(
    /\b(\d+)([dhms])\b/g,
    (_, n: string, unit: string) => `${n} ${units[unit]}${n === '1' ? '' : 's'}`,
  );
}

function words(id: string): string {
  return id.replaceAll(/[-_]/g, ' ');
}

function ordinal(n: number): string {
  const tens = n % 100;
  const last = tens > 10 && tens < 14 ? 0 : n % 10;
  return `${n}${['th', 'st', 'nd', 'rd'][last] ?? 'th'}`;
}
