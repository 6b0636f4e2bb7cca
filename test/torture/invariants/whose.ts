/**
 * Whose an event or a run is for certain, where people turn out to be one: two ids are of one person from the
 * acknowledgement on of the first report that names both.
 */
import type { Facts } from '../facts';

type Run = Facts['runs'][number];
type Event = Facts['events'][number];

interface Named {
  /** The user id; where there was none, the anonymous id. */
  id: string;
  /** Everything acknowledged before counts for it. */
  sentAt: number;
}

export interface Whose {
  /** Of an event that somebody reported, asked for, or that a journey emitted; undefined where it is not known. */
  event(event: Event): Named | undefined;
  /** By what started it. */
  run(run: Run): Named | undefined;
  /** Whether both were one person's for certain when the later one was sent. */
  same(earlier: Named | undefined, later: Named | undefined): boolean;
}

export function whose({ events, runs, known }: Facts): Whose {
  const knownSince = new Map<string, number>();
  const aliases = known.reported.map(({ who, properties, ackedAt }) => {
    const { previousId } = properties;
    return { who: { ...who, anonymousId: typeof previousId === 'string' ? previousId : undefined }, ackedAt };
  });
  for (const { who, ackedAt = Infinity } of [...known.reported, ...known.requested, ...aliases]) {
    const { userId, anonymousId } = who;
    if (userId === undefined) continue;
    knownSince.set(userId, -Infinity);
    if (anonymousId !== undefined) {
      knownSince.set(anonymousId, Math.min(ackedAt, knownSince.get(anonymousId) ?? Infinity));
    }
  }
  const named = new Map(
    [...known.reported, ...known.requested].map(({ messageId, who, sentAt }) => [
      messageId,
      { id: who.userId ?? who.anonymousId ?? '', sentAt },
    ]),
  );
  const eventOf = new Map(events.map((event) => [event.id, event]));
  const emitter = new Map(runs.map((run) => [run.number, run]));

  const ofEvent = (event: Event): Named | undefined => {
    const [, number] = /^sojourn:step\/.+\/(\d+)\/emit /.exec(event.message_id) ?? [];
    if (number === undefined) return named.get(event.message_id);
    const by = emitter.get(number);
    const its = by && ofRun(by);
    return its && { ...its, sentAt: event.accepted_at.getTime() };
  };
  const ofRun = (run: Run): Named | undefined => {
    const event = eventOf.get(run.trigger_event_id ?? '');
    return event && ofEvent(event);
  };
  const isKnown = ({ id }: Named, at: number) => (knownSince.get(id) ?? Infinity) < at;
  return {
    event: ofEvent,
    run: ofRun,
    same: (a, b) =>
      a !== undefined && b !== undefined && (a.id === b.id || (isKnown(a, b.sentAt) && isKnown(b, b.sentAt))),
  };
}
