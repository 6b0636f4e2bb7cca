/** Which lines of the journey's real file a run's steps, verdicts and end are shown at. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { markedLines, type Trail } from '../../src/demo/code-marks';
import cartAbandonment from '../../workflows/cart-abandonment';
import { at, simulate } from '../journeys/prove';

const source = await readFile('workflows/cart-abandonment.ts', 'utf8');
const full = at('0m', 'add_to_cart', { value: 80 });

/** The marked lines from their first word on, each with what is said beside it. */
function shown(trail: Trail): string[] {
  const lines = markedLines(source, trail);
  expect(lines.map(({ text }) => text)).toEqual(source.trimEnd().split('\n'));
  return lines.flatMap(({ text, mark }) => (mark ? [`${text.trim()} | ${mark.state}: ${mark.says}`] : []));
}

describe('a run in its code', () => {
  test('is nowhere before it began', () => {
    expect(shown({ steps: [] })).toEqual([]);
    expect(markedLines(source).every(({ mark }) => mark === null)).toBe(true);
  });

  test('shows each step at the call that made it, also of two calls with one name', async () => {
    const { trace } = await simulate(cartAbandonment, [full], { person: { id: '1' } });
    expect(trace.map(({ step }) => step)).toContain('check cart-is-open #2');
    const steps = trace.map(({ step, result }) => ({ step, result }));
    expect(shown({ entered: { inputs: { holdout: false, 'cart value': 80 } }, steps })).toEqual([
      `on: 'add_to_cart', | done: came`,
      'when: cart.value.moreThan(50), | done: cart value 80',
      expect.stringMatching(/^const patience = await j\.experiment\('cart-patience'.* \| done: 30 minutes$/),
      'await j.idle(patience); | done: reached',
      `if (!(await j.check('cart-is-open'))) return j.exit('cart was emptied'); | done: yes`,
      expect.stringMatching(/^const offer = await j\.experiment\('cart-offer'.* \| done: (none|ten-percent)$/),
      `const reminder = await j.send('cart-reminder', { offer }); | done: sent`,
      `const click = await j.waitFor(reminder.clicked, { within: '1 day' }); | done: expired`,
      `if (!(await j.check('cart-is-open'))) return j.exit('cart was emptied'); | done: yes`,
      `await j.send('cart-last-call', { offer }); | done: sent`,
    ]);
  });

  test('shows the line that waits', () => {
    const waiting = { step: 'waitFor cart-reminder clicked', dueInMs: 9_000 };
    const now = markedLines(source, { steps: [], waiting }).filter(({ mark }) => mark);
    expect(now).toEqual([
      {
        text: `    const click = await j.waitFor(reminder.clicked, { within: '1 day' });`,
        mark: { state: 'now', says: 'waits', dueInMs: 9_000 },
      },
    ]);
  });

  test('shows the line that ended it', () => {
    const ended = (outcome: string, reason: string) => shown({ steps: [], ended: { outcome, reason } });
    expect(ended('converted', 'goal purchase')).toEqual([
      `goal: { event: 'purchase', within: '7 days' }, | done: ended here`,
    ]);
    expect(ended('exited', 'logout')).toEqual([`exitOn: ['logout'], | stopped: ended here`]);
    expect(ended('stopped', 'called by phone')).toEqual([]);
    const emptied: Trail = {
      steps: [{ step: 'check cart-is-open', result: 'no' }],
      ended: { outcome: 'exited', reason: 'cart was emptied' },
    };
    expect(shown(emptied)).toEqual([
      `if (!(await j.check('cart-is-open'))) return j.exit('cart was emptied'); | stopped: no, ended here`,
    ]);
  });

  test('shows the rule that kept it from beginning', () => {
    const refused = (reason: string) => shown({ steps: [], refused: { reason, inputs: { 'cart value': 35 } } });
    expect(refused('rule_not_met')).toEqual(['when: cart.value.moreThan(50), | stopped: cart value 35']);
    expect(refused('entry_limit')).toEqual([`entry: { once: 'per 24 hours' }, | stopped: entry limit`]);
  });
});
