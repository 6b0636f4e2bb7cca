/** What is told of a delivery to those who watch: how long it took, and its place in the trace of the event behind it. */
import type { Db } from '../db';
import type { JourneyEvent } from '../journey';
import { noTracing, type Tracing } from '../observe';
import { tracesOfEvents } from '../runs';

/** What Temporal was told, and how long that took. */
export interface Delivered {
  kind: 'start' | 'signal';
  run: string;
  person: string;
  journey: string;
  /** Since the decision, in wall milliseconds. */
  waitedMs: number;
  /** When the event behind it was accepted, in the stack's milliseconds. */
  acceptedAt?: number;
}

interface Run {
  id: string;
  journey: string;
  personId: string;
}

/** What a run is to be told, as it stands in the queue. */
export interface Item {
  number: string;
  kind: 'start' | 'event' | 'end' | 'wake';
  payload: unknown;
  wall_created_at: Date;
}

export function deliveredOf(run: Run, kind: Delivered['kind'], item: Item): Delivered {
  return {
    kind,
    run: run.id,
    person: run.personId,
    journey: run.journey,
    waitedMs: Date.now() - item.wall_created_at.getTime(),
    acceptedAt: eventOf(item)?.acceptedAt,
  };
}

/** In a span that belongs to the first event that is told, if that one is traced, and names the others. */
export async function inSpan<T>(
  { db, tracing = noTracing }: { db: Db; tracing?: Tracing },
  name: string,
  run: Run,
  items: Item[],
  call: () => Promise<T>,
): Promise<T> {
  if (!tracing.on) return call();
  const events = items.flatMap((item) => eventOf(item) ?? []);
  const [parent, ...links] = await tracesOfEvents(db, run.personId, events);
  if (parent === undefined) return call();
  const attributes = { 'sojourn.run': run.id, 'sojourn.journey': run.journey, 'sojourn.told': items.length };
  return tracing.span(name, { kind: 'client', parent, links, attributes }, call);
}

/** The event that is told, or that starts the run. */
function eventOf({ kind, payload }: Item): JourneyEvent | undefined {
  return kind === 'start' || kind === 'event' ? (payload as { event: JourneyEvent }).event : undefined;
}
