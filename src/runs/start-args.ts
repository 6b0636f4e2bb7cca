/** What a run is started with: made when the run is decided, whoever starts it. */
import type { Clock } from '../clock';
import { personKey, workflowKey, type HeaderData, type JourneyEvent, type RunRef, type StartArgs } from '../journey';
import { withoutAddresses, type Traits } from '../people';

export interface RunToStart {
  id: string;
  number: number;
  journey: string;
  workflowId: string;
  header: HeaderData;
  trigger: JourneyEvent;
  person: { id: string; userId?: string; traits: Traits };
}

/** The workflow id of a run, unless a Temporal client that started it itself has chosen one. */
export function workflowIdOf(run: { journey: string; key: string; person: RunToStart['person'] }): string {
  return workflowKey(run.journey, personKey(run.person), run.key);
}

export function runRef(run: Pick<RunToStart, 'id' | 'number' | 'journey' | 'workflowId'>, personId: string): RunRef {
  const prefix = `${run.journey}/`;
  const key = run.workflowId.startsWith(prefix) ? run.workflowId.slice(prefix.length) : run.workflowId;
  return { id: run.id, number: run.number, journey: run.journey, key, personId };
}

export function startArgs(run: RunToStart, clock: Clock): StartArgs {
  return {
    sojourn: 1,
    run: runRef(run, run.person.id),
    header: run.header,
    event: withoutAddressesIn(run.trigger),
    // A user id that may be an address stays in the store; `personKey` shows which those are.
    person: {
      id: run.person.id,
      userId: personKey(run.person) === run.person.userId ? run.person.userId : undefined,
      traits: withoutAddresses(run.person.traits),
    },
    startedAt: run.trigger.acceptedAt,
    clock: { epoch: clock.epoch, scale: clock.scale },
  };
}

/** The event as a run may know it: what is in Temporal's history is shown there, and never encrypted. */
export function withoutAddressesIn(event: JourneyEvent): JourneyEvent {
  return { ...event, properties: withoutAddresses(event.properties) };
}

/** A trigger that came as a plain start of Temporal's client names the execution that waits for the verdict. */
export function adoption(trigger: JourneyEvent): { workflowId: string; temporalRunId: string } | undefined {
  const adopt = trigger.name === 'trigger_requested' ? trigger.properties['adopt'] : undefined;
  if (typeof adopt !== 'object' || adopt === null) return undefined;
  const { workflowId, temporalRunId } = adopt as Record<string, unknown>;
  return typeof workflowId === 'string' && typeof temporalRunId === 'string'
    ? { workflowId, temporalRunId }
    : undefined;
}
