/**
 * Where in its journey's code a run is: the lines of the file, and beside them what each step there came to. Pure. Calls
 * are found by their text, which is enough for a body without loops: a step beyond the last call of its name has no line.
 */
import type { CodeLine } from './shop/answers';

/** What is known of one run, or of a verdict that began none. */
export interface Trail {
  entered?: { inputs: Record<string, unknown> };
  refused?: { reason: string; inputs: Record<string, unknown> };
  /** As the run did them. */
  steps: { step: string; result: string }[];
  /** `dueInMs` is of the wall's clock. */
  waiting?: { step: string; dueInMs: number | null };
  ended?: { outcome: string; reason: string | null };
}

type Mark = NonNullable<CodeLine['mark']>;

/** The field of the header that decides so. */
const fieldOf: Record<string, string> = {
  rule_not_met: 'when',
  entry_limit: 'entry',
  already_running: 'on',
  came_back: 'on',
};

export function markedLines(source: string, trail?: Trail): CodeLine[] {
  const texts = source.trimEnd().split('\n');
  const marks = new Map<number, Mark>();
  const mark = (line: number, { state, says, dueInMs = null }: Omit<Mark, 'dueInMs'> & { dueInMs?: number | null }) => {
    const before = marks.get(line)?.says;
    if (line >= 0) marks.set(line, { state, says: [before, says].filter(Boolean).join(', '), dueInMs });
  };
  const field = (name: string): number => fieldLine(texts, name);

  if (trail?.entered) {
    mark(field('on'), { state: 'done', says: 'came' });
    mark(field('when'), { state: 'done', says: inWords(trail.entered.inputs) });
  }
  if (trail?.refused) {
    const { reason, inputs } = trail.refused;
    const says = reason === 'rule_not_met' ? inWords(inputs) : reason.replaceAll('_', ' ');
    mark(field(fieldOf[reason] ?? 'on'), { state: 'stopped', says });
  }
  for (const { step, result } of trail?.steps ?? []) mark(lineOf(texts, step), { state: 'done', says: result });
  if (trail?.waiting) {
    const { step, dueInMs } = trail.waiting;
    mark(lineOf(texts, step), { state: 'now', says: 'waits', dueInMs });
  }
  if (trail?.ended && trail.ended.outcome !== 'completed') {
    const { outcome, reason } = trail.ended;
    const last = Math.max(...[...marks.keys()], 0);
    mark(endLine(texts, reason ?? '', last), {
      state: outcome === 'converted' ? 'done' : 'stopped',
      says: 'ended here',
    });
  }
  return texts.map((text, line) => ({ text, mark: marks.get(line) ?? null }));
}

/** `{ 'cart value': 489 }` as `cart value 489`. */
function inWords(inputs: Record<string, unknown>): string {
  const looked = Object.entries(inputs).filter(([name]) => name !== 'holdout');
  return looked.map(([name, value]) => `${name} ${String(value)}`).join(', ');
}

/** The line whose call the step `check cart-is-open #2` comes from, or -1. */
function lineOf(texts: string[], step: string): number {
  const [, verb = '', object = '', count = '1'] = /^(\w+)(?: (.*?))?(?: #(\d+))?$/s.exec(step) ?? [];
  const calls = texts.flatMap((text, line) =>
    [...text.matchAll(/\bj\.(\w+)\((?:'([^']*)')?/g)].map(([, called, name]) => ({ line, called, name })),
  );
  const ofVerb = calls.filter(({ called }) => called === verb);
  const byName = ofVerb.filter(({ name }) => name === object);
  // Waits are named by what they wait for, which a variable may hold.
  return (byName.length > 0 ? byName : ofVerb.filter(({ name }) => name === undefined))[Number(count) - 1]?.line ?? -1;
}

/** Of several exits for the same reason, the first one from the last line that was reached. */
function endLine(texts: string[], reason: string, last: number): number {
  const said = texts.findIndex((text, line) => line >= last && text.includes(`j.exit('${reason}')`));
  if (said >= 0) return said;
  if (reason.startsWith('goal ')) return fieldLine(texts, 'goal');
  const exits = fieldLine(texts, 'exitOn');
  return texts[exits]?.includes(`'${reason}'`) ? exits : -1;
}

const fieldLine = (texts: string[], name: string): number =>
  texts.findIndex((text) => text.trim().startsWith(`${name}:`));
