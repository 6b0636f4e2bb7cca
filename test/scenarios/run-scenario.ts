/** Holds a clock to a scenario: what it says must come out, and the trace, reasons included, that another clock gave. */
import { expect } from 'vitest';
import { parseAt, type Simulated, type TracedStep } from '../../src/prove';
import type { Scenario } from './scenarios';

/** A clock that scenarios run on. */
export interface Backend {
  /** How far its times may be off: calls to a real server take theirs. */
  toleranceMs: number;
  run(scenario: Scenario): Promise<Simulated>;
}

export async function runScenario(scenario: Scenario, backend: Backend): Promise<Simulated> {
  const run = await backend.run(scenario);
  const { expected } = scenario;
  const actual = {
    outcomes: run.runs.map(({ outcome }) =>
      outcome
        ? `${outcome.outcome} ${outcome.at}${outcome.reason === undefined ? '' : `: ${outcome.reason}`}`
        : 'waits',
    ),
    trace: run.trace.map(({ at, step, result }) => `${at}  ${step}: ${result}`),
    sent: run.sent.map(({ at, message }) => `${at}  ${message}`),
    refused: run.refused.map(({ at, reason }) => `${at}  ${reason}`),
  };
  const wanted = { ...expected, refused: expected.refused ?? [] };
  expect(nearly(actual, wanted, backend.toleranceMs), run.timeline()).toEqual(wanted);
  return run;
}

/** Throws unless both went the same way, times within the tolerance, and for the same reasons. */
export function expectSameCourse(actual: Simulated, other: Simulated, toleranceMs: number): void {
  const [course, wanted] = [courseOf(actual), courseOf(other)];
  expect(nearly(course, wanted, toleranceMs), other.timeline()).toEqual(wanted);
}

function courseOf({ runs, sent, refused }: Simulated) {
  return {
    runs: runs.map((run) => ({ ...run, trace: run.trace.map(toTheSecond) })),
    sent: sent.map(({ message, channel, props }) => ({ message, channel, props })),
    refused: refused.map(({ event, reason }) => ({ event, reason })),
  };
}

/** Reasons that hold a time in milliseconds since 1970 are as near as the trace's own times. */
function toTheSecond(step: TracedStep): TracedStep {
  const round = (value: unknown) => (typeof value === 'number' && value > 1e12 ? Math.round(value / 1_000) : value);
  const why = Object.entries(step.why ?? {}).map(([name, value]) => [name, round(value)] as const);
  return { ...step, ...(step.why && { why: Object.fromEntries(why) }) };
}

const duration = /-?\d+[dhms](?: \d+[dhms])*/g;

/** `actual`, with each duration that is near enough to the one wanted in its place replaced by that one. */
export function nearly<T>(actual: T, wanted: unknown, toleranceMs: number): T;
export function nearly(actual: unknown, wanted: unknown, toleranceMs: number): unknown {
  if (typeof actual === 'string' && typeof wanted === 'string') {
    const there = wanted.match(duration) ?? [];
    let index = 0;
    return actual.replaceAll(duration, (found) => {
      const one = there[index++];
      return one !== undefined && Math.abs(ms(found) - ms(one)) <= toleranceMs ? one : found;
    });
  }
  if (Array.isArray(actual) && Array.isArray(wanted)) {
    return actual.map((one, index) => nearly<unknown>(one, wanted[index], toleranceMs));
  }
  if (isRecord(actual) && isRecord(wanted)) {
    return Object.fromEntries(
      Object.entries(actual).map(([name, value]) => [name, nearly<unknown>(value, wanted[name], toleranceMs)]),
    );
  }
  return actual;
}

function ms(text: string): number {
  return text.startsWith('-') ? -parseAt(text.slice(1)) : parseAt(text);
}

function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === 'object' && x !== null && !Array.isArray(x);
}
