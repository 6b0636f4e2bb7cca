/** What a simulated scenario came to, in words that tests and people read: times are durations since its beginning. */
import { formatDuration, type Outcome } from '../journey';
import type { RunRow, Send, World } from '../runtime/simulated';

export interface TracedStep {
  at: string;
  step: string;
  result: string;
  why?: Record<string, unknown>;
}

export interface SentMessage {
  at: string;
  message: string;
  channel: string;
  props: Record<string, unknown>;
}

export interface RunOutcome {
  outcome: Outcome;
  at: string;
  /** Why, where the outcome alone does not say it. */
  reason?: string;
}

export interface SimulatedRun {
  startedAt: string;
  /** Undefined while it still waits. */
  outcome: RunOutcome | undefined;
  trace: TracedStep[];
}

export interface Simulated {
  journey: string;
  entered: boolean;
  /** Of the last run; undefined when none was entered or it still waits. */
  outcome: RunOutcome | undefined;
  /** Of all runs, one after the other. */
  trace: TracedStep[];
  sent: SentMessage[];
  runs: SimulatedRun[];
  /** Why a trigger started nothing, one for each. */
  refused: { at: string; event: string; reason: string; inputs: Record<string, unknown> }[];
  /** All of it as text, a line for each thing that happened. */
  timeline(): string;
}

/** What a world has come to. */
export type Story = Pick<World, 'people' | 'runs' | 'sends' | 'decisions'>;

/** Of a world on whichever clock; `start` is when the scenario began. */
export function resultOf(world: Story, journey: string, start: number): Simulated {
  const shown = (at: number): string => formatDuration(at - start);
  const rows = world.runs.filter((run) => run.journey === journey);
  const own = new Set(rows.map((run) => run.id));
  const runs = rows.map((run) => runOf(run, shown));
  const sends = world.sends.filter((send) => own.has(send.run) && send.state === 'sent');
  const result = {
    journey,
    entered: rows.length > 0,
    outcome: runs.at(-1)?.outcome,
    trace: runs.flatMap((run) => run.trace),
    sent: sends.map((send) => sentOf(send, shown)),
    runs,
    refused: world.decisions.flatMap(({ at, event, verdict }) =>
      verdict.verdict === 'refused' && verdict.journey === journey
        ? [{ at: shown(at), event, reason: verdict.reason, inputs: verdict.inputs }]
        : [],
    ),
  };
  return { ...result, timeline: () => timelineOf(world, rows, result.refused, shown) };
}

function runOf(run: RunRow, shown: (at: number) => string): SimulatedRun {
  return {
    startedAt: shown(run.startedAt),
    outcome: run.ending && {
      outcome: run.ending.outcome,
      at: shown(run.ending.at),
      // A conversion's reason is its goal, which the header says.
      ...(run.ending.reason !== undefined && run.ending.outcome !== 'converted' && { reason: run.ending.reason }),
    },
    trace: run.steps.map(({ at, step, result, why }) => ({ at: shown(at), step, result, ...(why && { why }) })),
  };
}

function sentOf({ at, message, channel, props }: Send, shown: (at: number) => string): SentMessage {
  return { at: shown(at), message, channel, props };
}

function timelineOf(
  world: Story,
  runs: RunRow[],
  refused: Simulated['refused'],
  shown: (at: number) => string,
): string {
  const events = [...world.people.values()].flatMap((person) =>
    person.events.map((event) => ({ at: event.acceptedAt, text: `● ${event.name}` })),
  );
  const steps = runs.flatMap((run) => [
    { at: run.startedAt, text: `▶ ${run.journey} entered` },
    ...run.steps.map(({ at, step, result, why }) => ({ at, text: `  ${step}: ${result}${reasonIn(why)}` })),
    ...(run.ending
      ? [{ at: run.ending.at, text: `■ ${run.ending.outcome}${run.ending.reason ? `: ${run.ending.reason}` : ''}` }]
      : []),
  ]);
  // Stable: what happened comes before what it led to.
  const lines = [...events, ...steps].sort((a, b) => a.at - b.at).map(({ at, text }) => [shown(at), text] as const);
  const width = Math.max(0, ...lines.map(([at]) => at.length));
  const not = refused.map(({ at, event, reason }) => `${at}  ${event} started nothing: ${reason}`);
  return [...lines.map(([at, text]) => `${at.padStart(width)}  ${text}`), ...not].join('\n');
}

function reasonIn(why: Record<string, unknown> | undefined): string {
  return typeof why?.['reason'] === 'string' ? ` (${why['reason']})` : '';
}
