/**
 * Matchers for Vitest. Import this file for its effect where tests are set up; a failed expectation shows the timeline.
 *
 * @example
 * expect(run).toHaveSent(['cart-reminder', { message: 'cart-last-call', at: '1d 30m' }]);
 */
import { expect } from 'vitest';
import type { Outcome } from '../journey';
import type { Simulated, SentMessage } from './result';

/** A message by its id, or what is known of it. */
export type ExpectedSend = string | Partial<SentMessage>;

interface JourneyMatchers<R> {
  /** Exactly these messages, in this order. */
  toHaveSent(expected: readonly ExpectedSend[]): R;
  toHaveEntered(): R;
  /** How its last run ended. */
  toHaveEnded(outcome: Outcome, details?: { at?: string; reason?: string }): R;
  /** That these steps are in the trace in this order, as `step: result`, others between them or not. */
  toHaveGone(steps: readonly string[]): R;
}

declare module 'vitest' {
  // Vitest's own way to extend `expect`: its interface names the type parameter.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Vitest's own declaration says `any`, and both must agree
  interface Matchers<T = any> extends JourneyMatchers<T> {}
}

expect.extend({
  toHaveSent(run: Simulated, expected: readonly ExpectedSend[]) {
    const wanted = expected.map((one) => (typeof one === 'string' ? { message: one } : one));
    const pass =
      run.sent.length === wanted.length &&
      wanted.every((one, index) =>
        Object.entries(one).every(([field, value]) =>
          this.equals(run.sent[index]?.[field as keyof SentMessage], value),
        ),
      );
    return verdict(run, pass, `messages sent: ${JSON.stringify(wanted)}`, JSON.stringify(run.sent));
  },
  toHaveEntered(run: Simulated) {
    return verdict(run, run.entered, 'the journey to be entered', JSON.stringify(run.refused));
  },
  toHaveEnded(run: Simulated, outcome: Outcome, details: { at?: string; reason?: string } = {}) {
    const pass =
      run.outcome?.outcome === outcome &&
      (details.at === undefined || details.at === run.outcome.at) &&
      (details.reason === undefined || details.reason === run.outcome.reason);
    return verdict(run, pass, `an end: ${JSON.stringify({ outcome, ...details })}`, JSON.stringify(run.outcome));
  },
  toHaveGone(run: Simulated, steps: readonly string[]) {
    let next = 0;
    for (const { step, result } of run.trace) if (`${step}: ${result}` === steps[next]) next++;
    return verdict(run, next === steps.length, `in this order: ${steps.join('; ')}`, `missing: ${steps[next]}`);
  },
});

function verdict(run: Simulated, pass: boolean, expected: string, actual: string) {
  return {
    pass,
    message: () => `expected ${pass ? 'not ' : ''}${expected}\nbut got ${actual}\n\n${run.timeline()}`,
  };
}
