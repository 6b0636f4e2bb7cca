/**
 * What one event means for one person, as a pure function: which live runs end, which hear it, which journeys start
 * and which refuse, each with the inputs that decided it. The router and the simulator apply the same verdicts.
 */
import {
  absenceEvent,
  requestedEvent,
  bucket,
  hears,
  keyValue,
  matches,
  type CatalogJourney,
  type HeaderData,
  type JourneyEvent,
  type Outcome,
} from '../journey';
import { holds } from '../behaviour';

/** A run stops hearing at this many events: an ordinary body can't be rolled over. */
export const hearingLimit = 5_000;
/** Events that journeys emit carry how many emissions stand behind them; past this many, nothing starts. */
export const hopLimit = 5;

export interface LiveRun {
  id: string;
  journey: string;
  key: string;
  header: HeaderData;
  startedAt: number;
  heard: number;
}

export interface PersonState {
  id: string;
  traits: Record<string, unknown>;
  liveRuns: LiveRun[];
  /** The start of the last run of each journey, ended or not. */
  lastEntries: Map<string, number>;
  /** Events that entry rules may ask about, in order of acceptance, up to and with the one decided. */
  history: JourneyEvent[];
  /** When an event of this name last happened, for the absences that are decided. */
  lastOf?: (event: string) => number | undefined;
}

export interface DecidableEvent extends JourneyEvent {
  hop: number;
}

export type Refusal =
  'paused' | 'too_old' | 'came_back' | 'hop_limit' | 'no_key' | 'rule_not_met' | 'already_running' | 'entry_limit';

type Inputs = Record<string, unknown>;

export type Verdict =
  | { verdict: 'ended'; journey: string; run: string; outcome: Outcome; reason: string; inputs?: Inputs }
  | { verdict: 'heard'; journey: string; run: string }
  | { verdict: 'deaf'; journey: string; run: string; reason: string }
  | { verdict: 'entered'; journey: string; key: string; header: HeaderData; holdout: boolean; inputs: Inputs }
  | { verdict: 'refused'; journey: string; reason: Refusal; inputs: Inputs };

/** Decides one event. Verdicts come in the order in which they are to be applied. */
export function decideEvent(state: PersonState, event: DecidableEvent, catalog: CatalogJourney[]): Verdict[] {
  const told = state.liveRuns.flatMap((run) => verdictForRun(run, event));
  const ended = new Set(told.filter((v) => v.verdict === 'ended').map((v) => v.run));
  const stillLive = state.liveRuns.filter((run) => !ended.has(run.id));
  const started = catalog.flatMap((journey) =>
    isTriggeredBy(journey, event) ? verdictForEntry(journey, event, state, stillLive) : [],
  );
  return [...told, ...started];
}

type RunVerdict = Extract<Verdict, { run: string }>;

function verdictForRun(run: LiveRun, event: DecidableEvent): RunVerdict[] {
  const { journey, header } = run;
  if (header.goal && matches(header.goal, event)) {
    const inTime = event.acceptedAt <= run.startedAt + header.goal.withinMs;
    return [
      inTime
        ? { verdict: 'ended', journey, run: run.id, outcome: 'converted', reason: `goal ${event.name}` }
        : { verdict: 'ended', journey, run: run.id, outcome: 'exited', reason: `goal ${event.name} after its time` },
    ];
  }
  const exit = header.exitOn.find((match) => matches(match, event));
  if (exit) return [{ verdict: 'ended', journey, run: run.id, outcome: 'exited', reason: event.name }];
  if (!hears(run, event)) return [];
  if (run.heard >= hearingLimit) {
    return [{ verdict: 'deaf', journey, run: run.id, reason: `heard ${hearingLimit} events already` }];
  }
  return [{ verdict: 'heard', journey, run: run.id }];
}

/** Whether the event is a trigger of the journey, or asks for it by name. */
export function isTriggeredBy({ id, header }: CatalogJourney, event: JourneyEvent): boolean {
  if (event.name === requestedEvent) return event.properties.journey === id;
  if (event.name === absenceEvent) {
    return (
      event.properties.journey === id &&
      header.on.some((trigger) => trigger.kind === 'absent' && trigger.event === event.properties.event)
    );
  }
  return header.on.some((trigger) => trigger.kind === 'event' && trigger.event === event.name);
}

function verdictForEntry(
  { id: journey, header }: CatalogJourney,
  event: DecidableEvent,
  state: PersonState,
  liveRuns: LiveRun[],
): Verdict[] {
  const refuse = (reason: Refusal, inputs: Inputs): Verdict[] => [{ verdict: 'refused', journey, reason, inputs }];

  if (header.mode === 'paused') return refuse('paused', { mode: header.mode });
  if (event.hop > hopLimit) return refuse('hop_limit', { hop: event.hop, limit: hopLimit });
  const ageMs = event.acceptedAt - event.at;
  if (ageMs > header.entryMaxAgeMs) return refuse('too_old', { ageMs, entryMaxAgeMs: header.entryMaxAgeMs });
  const back = cameBack(state, event);
  if (back !== undefined) return refuse('came_back', { last: back });
  const key = keyValue(header.key, event);
  if (key === undefined) return refuse('no_key', { key: header.key });

  const rule = header.when
    ? holds(header.when, { trigger: event, traits: state.traits, history: state.history, now: event.acceptedAt })
    : { holds: true, inputs: {} };
  if (!rule.holds) return refuse('rule_not_met', rule.inputs);

  const running = liveRuns.find((run) => run.journey === journey && run.key === key);
  if (running && header.onRepeat !== 'restart') {
    return hears(running, event) ? [] : refuse('already_running', { run: running.id, ...rule.inputs });
  }
  const last = state.lastEntries.get(journey);
  if (last !== undefined && !running) {
    if (header.entry.kind === 'once') return refuse('entry_limit', { lastEntry: last, once: 'ever' });
    if (header.entry.kind === 'per' && event.acceptedAt - last < header.entry.everyMs) {
      return refuse('entry_limit', { lastEntry: last, onceEveryMs: header.entry.everyMs });
    }
  }
  const holdout = bucket(state.id, `holdout:${journey}`) < header.holdout * 100;
  const entered: Verdict = { verdict: 'entered', journey, key, header, holdout, inputs: { ...rule.inputs, holdout } };
  return running
    ? [{ verdict: 'ended', journey, run: running.id, outcome: 'superseded', reason: 'restarted' }, entered]
    : [entered];
}

/** The absence was reported, and the event has come in between: accepted earlier, or decided meanwhile. */
function cameBack(state: PersonState, event: DecidableEvent): number | undefined {
  if (event.name !== absenceEvent) return undefined;
  const last = state.lastOf?.(String(event.properties.event));
  return last !== undefined && last > Date.parse(String(event.properties.since)) ? last : undefined;
}
