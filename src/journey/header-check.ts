/** Loads a header: fills in defaults, turns durations into milliseconds, and refuses by name what types can't catch. */
import { ContentError } from '../errors';
import { checkCondition } from './condition-check';
import { parseDuration } from './duration';
import type { Condition, Duration, EventMatch, HeaderData, Trigger } from './header';
import type { HeaderInput } from './header-input';

/** What the tracking plan knows; without it, names are not checked. */
export interface KnownNames {
  events: readonly string[];
  /** The one of these names that somebody is likely to have meant; handed in, since it lies outside the sandbox. */
  nearest?: (names: readonly string[], name: string) => string | undefined;
}

/**
 * The header as data. Throws a `ContentError` naming `workflows/<id>.ts` and the field for a bad duration, a holdout
 * outside 0 to 100, an event that the plan does not have, or a setting that does not exist.
 */
export function loadHeader(id: string, input: HeaderInput, known?: KnownNames): HeaderData {
  const file = `workflows/${id}.ts`;
  const refuse = (what: string, remedy: string): never => {
    throw new ContentError(file, what, remedy);
  };
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(id)) {
    refuse(`'${id}' can't be a journey's id`, 'Use up to 64 small letters, digits and dashes, as in the file name');
  }
  if (typeof input !== 'object' || input === null) refuse('it has no header', `Write journey('${id}', { on: … }, …)`);
  for (const field of Object.keys(input)) {
    if (!fields.has(field)) refuse(`the header has no '${field}'`, `It takes ${[...fields].join(', ')}`);
  }

  const ms = (field: string, duration: Duration): number => parseDuration(duration, `${file}, ${field}`);
  const event = (field: string, name: string): string => {
    if (typeof name !== 'string' || name === '')
      refuse(`${field}: an event's name is missing`, 'Name one of events.ts');
    if (known && !known.events.includes(name) && !builtIn(name)) {
      const meant = known.nearest?.(known.events, name);
      const remedy = `${meant === undefined ? '' : `Did you mean '${meant}'? `}Add it to events.ts, or correct it`;
      refuse(`${field}: '${name}' is not in the tracking plan`, remedy);
    }
    return name;
  };
  const oneOf = <V extends string>(field: string, value: V | undefined, values: readonly V[]): V => {
    const chosen = value ?? values[0];
    if (chosen === undefined || !values.includes(chosen)) {
      return refuse(`${field}: '${String(value)}' is unknown`, `Write one of '${values.join("', '")}'`);
    }
    return chosen;
  };
  const match = (field: string, m: string | EventMatch | null): EventMatch =>
    typeof m === 'object' && m !== null
      ? { event: event(field, m.event), ...(m.where && { where: m.where }) }
      : { event: event(field, m as string) };
  // One alone in place of a list of one is a slip that only types find.
  const list = <V>(field: string, given: readonly V[] = []): readonly V[] =>
    Array.isArray(given) ? (given as readonly V[]) : refuse(`${field}: it is no list`, `Write ${field}: ['login']`);

  const on = [input.on ?? []].flat().map((trigger): Trigger => {
    if (trigger === 'api') return { kind: 'api' };
    if (typeof trigger === 'string') return { kind: 'event', event: event('on', trigger) };
    if (typeof trigger !== 'object' || trigger === null) {
      refuse(`on: '${String(trigger)}' is no trigger`, "Name an event, absent(…) or 'api'");
    }
    if (!(trigger.forMs > 0)) refuse('on: absent() needs a time above zero', "Write absent('login', '7 days')");
    return { kind: 'absent', event: event('on', trigger.event), forMs: trigger.forMs };
  });
  if (on.filter(({ kind }) => kind === 'absent').length > 1) {
    refuse('on: it names two absences, and only one can be watched', 'Make a journey of each');
  }
  if (on.length === 0) refuse('on: nothing starts this journey', "Name an event, absent(…) or 'api'");

  const key = input.key ?? 'person';
  if (key !== 'person' && !/^[A-Za-z_$][\w$.-]*$/.test(key)) {
    refuse(`key: '${key}' is no property's name`, "Write 'person' or a property of the trigger");
  }
  if (key !== 'person' && on.some((trigger) => trigger.kind === 'absent')) {
    refuse(`key: an absence has no property '${key}'`, "Use key: 'person' with absent(…)");
  }
  const holdout = input.holdout ?? 0;
  if (typeof holdout !== 'number' || !(holdout >= 0 && holdout <= 100)) {
    refuse(`holdout: ${String(holdout)} is no percentage`, 'Write a number from 0 to 100');
  }
  if (input.when !== undefined) {
    checkCondition(input.when, {
      event: (name) => event('when', name),
      unfinished: () =>
        refuse('when: it is no rule, or a part of it is none', 'Compare with something, as in cart.value.moreThan(50)'),
    });
  }

  return {
    on,
    // Builders may carry methods (`times(…).moreThan(3).within(…)`); what is kept is data.
    ...(input.when && { when: JSON.parse(JSON.stringify(input.when)) as Condition }),
    key,
    entry: entryOf(input, ms, refuse),
    entryMaxAgeMs: ms('entryMaxAge', input.entryMaxAge ?? '1 hour'),
    onRepeat: oneOf('onRepeat', input.onRepeat, ['ignore', 'restart', 'hear']),
    hears: list('hears', input.hears).map((name) => event('hears', name)),
    exitOn: list('exitOn', input.exitOn).map((m) => match('exitOn', m)),
    ...(input.goal && { goal: { ...match('goal', input.goal), withinMs: ms('goal.within', input.goal.within) } }),
    holdout,
    mode: oneOf('mode', input.mode, ['live', 'shadow', 'paused']),
    ...(input.topic !== undefined && { topic: input.topic }),
    priority: oneOf('priority', input.priority, ['normal', 'high']),
    versions: oneOf('versions', input.versions, ['pinned', 'follow']),
  };
}

const fields = new Set<string>([
  'on',
  'when',
  'key',
  'entry',
  'entryMaxAge',
  'onRepeat',
  'hears',
  'exitOn',
  'goal',
  'holdout',
  'mode',
  'topic',
  'priority',
  'versions',
] satisfies (keyof HeaderInput)[]);

function entryOf(
  { entry }: HeaderInput,
  ms: (field: string, duration: Duration) => number,
  refuse: (what: string, remedy: string) => never,
): HeaderData['entry'] {
  if (entry === undefined) return { kind: 'unlimited' };
  const remedy = "Write { once: 'ever' }, { once: 'per 24 hours' } or { once: 'unlimited' }";
  if (typeof entry !== 'object' || entry === null) return refuse(`entry: '${String(entry)}' is no rule`, remedy);
  const { once } = entry;
  if (once === 'unlimited') return { kind: 'unlimited' };
  if (once === 'ever') return { kind: 'once' };
  const [, duration] = /^per (.+)$/.exec(String(once)) ?? [];
  if (duration === undefined) return refuse(`entry: '${String(once)}' is unknown`, remedy);
  // What is left after `per` is held against the same grammar as any other duration.
  return { kind: 'per', everyMs: ms('entry', duration as Duration) };
}

function builtIn(name: string): boolean {
  return name.startsWith('message_');
}
