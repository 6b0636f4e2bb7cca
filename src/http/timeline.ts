/**
 * What happened to one person, in one order, newest first: events, choices, verdicts, runs, steps and messages. Each kind
 * is read in the order of its own index and merged here, so that a page costs the same however long the timeline is.
 */
import { z } from 'zod';
import { lastChanges, type RecordedChange } from '../audit';
import type { Db } from '../db';
import { eventsBefore, parseTime } from '../events';
import { refusalInWords, stepInWords } from '../insight';
import { consentsBefore, listSends, topicLabel, type Topic } from '../messaging';
import { decisionsBefore, keysOfRuns, runMomentsBefore, stepsBefore } from '../runs';
import type { TimelineAnswer, TimelineItem, Unsent } from './answers';
import { readCursor, timeMs, writeCursor } from './query';

/** In the order of cause and effect: of two things at one time, the later named is the newer. */
const kinds = ['event', 'consent', 'decision', 'run_started', 'step', 'message', 'run_ended'] as const;
type Kind = (typeof kinds)[number];

interface Place {
  at: Date;
  id: string;
  sub?: number;
}
type Places = Record<Kind, Place>;

/** An item's own words, without what all items have. */
type Says<K extends Kind> = Unsent<Omit<Extract<TimelineItem, { kind: K }>, 'kind' | 'at'>>;

interface Item {
  kind: Kind;
  place: Place;
  says: Says<Kind>;
}

/** `next` is given as `before`, the page that follows; null at the end. */
export type TimelinePage = Unsent<Omit<TimelineAnswer, 'at'>>;

type Reader<K extends Kind> = (
  db: Db,
  ids: string[],
  before: Place,
  limit: number,
  topics: readonly Topic[],
) => Promise<{ place: Place; says: Says<K> }[]>;

const readers: { [K in Kind]: Reader<K> } = {
  async event(db, ids, before, limit) {
    const rows = await eventsBefore(db, ids, before, limit);
    return rows.map(({ at, id, ...row }) => ({ place: { at, id }, says: { id, ...row } }));
  },
  async consent(db, ids, before, limit, topics) {
    const rows = await consentsBefore(db, ids, before, limit);
    return rows.map(({ at, number, topic, state, source }) => ({
      place: { at, id: number },
      says: { topic, label: topicLabel(topics, topic), state, source },
    }));
  },
  async decision(db, ids, before, limit) {
    const rows = await decisionsBefore(db, ids, before, limit);
    return rows.map(({ at, number, eventId, runId, ...row }) => {
      const label = row.verdict === 'refused' && row.reason !== null ? refusalInWords(row.reason) : null;
      return { place: { at, id: number }, says: { number: Number(number), event: eventId, run: runId, label, ...row } };
    });
  },
  async run_started(db, ids, before, limit) {
    const rows = await runMomentsBefore(db, 'started', ids, before, limit);
    return rows.map(({ at, id, journey, holdout, mode }) => ({
      place: { at, id },
      says: { run: id, journey, holdout, mode },
    }));
  },
  async step(db, ids, before, limit) {
    const rows = await stepsBefore(db, ids, before, limit);
    return rows.map(({ at, runId, position, ...row }) => ({
      place: { at, id: runId, sub: position },
      says: { run: runId, label: stepInWords(row.step), ...row },
    }));
  },
  async message(db, ids, before, limit) {
    const rows = await listSends(db, { personIds: ids, before, limit });
    return rows.map(({ id, createdAt, message, channel, state, reason, journey, runId, subject, settledAt }) => ({
      place: { at: createdAt, id },
      says: { id, run: runId, journey, message, channel, state, reason, subject, settledAt },
    }));
  },
  async run_ended(db, ids, before, limit) {
    const rows = await runMomentsBefore(db, 'ended', ids, before, limit);
    const stopped = rows.filter(({ outcome }) => outcome === 'stopped').map(({ id }) => id);
    const stops = stopped.length > 0 ? await lastChanges(db, 'run', stopped) : new Map<string, RecordedChange>();
    return rows.map(({ at, id, journey, outcome, reason }) => ({
      place: { at, id },
      says: { run: id, journey, outcome, reason, by: stops.get(id)?.by.name ?? null },
    }));
  },
};

const placeSchema = z.tuple([
  timeMs,
  z.string().max(64),
  z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1),
]);
const cursorSchema = z.array(placeSchema).length(kinds.length);

function allAt(at: Date): Places {
  const before = (id: string): Place => ({ at, id });
  return {
    event: before('0'),
    consent: before('0'),
    decision: before('0'),
    run_started: before('0'),
    step: before('0'),
    message: before(''),
    run_ended: before('0'),
  };
}

/** Of a kind that no page has had anything of yet. */
const isOpen = ({ id }: Place) => id === '' || id === '0';

/**
 * Where such a kind goes on after a page: what happens while somebody turns the pages is newer than all that they have seen,
 * and would stand in the midst of what is older.
 */
function openBelow(last: Item, kind: Kind, next: Item | undefined): Place {
  const place = allAt(new Date(last.place.at.getTime() + 1))[kind];
  // Verdicts are in the order of their numbers, which clocks of several processes may not agree with.
  return kind === 'decision' && next ? { ...place, id: String(BigInt(next.place.id) + 1n) } : place;
}

/** Where the page begins: at a cursor of an earlier page, or before a time in ISO 8601. */
function placesOf(before: string | undefined, endOfTime: Date): Places {
  if (before === undefined) return allAt(endOfTime);
  const time = parseTime(before);
  if (time !== undefined) return allAt(new Date(Math.max(0, time)));
  const places = allAt(endOfTime);
  const read = readCursor(cursorSchema, before);
  kinds.forEach((kind, index) => {
    const [at, id, sub] = read[index] ?? [0, '0', 0];
    const wellFormed = kind === 'message' ? id.length > 0 || at > 0 : /^\d{1,18}$/.test(id);
    if (wellFormed) places[kind] = { at: new Date(at), id, sub };
  });
  return places;
}

export interface TimelineRequest {
  personIds: string[];
  limit: number;
  before?: string;
  /** What topics are called; unless given, by their ids. */
  topics?: readonly Topic[];
  /** A moment that nothing is after. */
  endOfTime: Date;
}

export async function readTimeline(
  db: Db,
  { personIds, limit, before, endOfTime, topics = [] }: TimelineRequest,
): Promise<TimelinePage> {
  const places = placesOf(before, endOfTime);
  const lists = await Promise.all(
    kinds.map(async (kind) => {
      const rows = await readers[kind](db, personIds, places[kind], limit + 1, topics);
      return rows.map((row): Item => ({ kind, ...row }));
    }),
  );
  const heads = kinds.map(() => 0);
  const page: Item[] = [];
  const newest = (): Item | undefined => {
    let best = -1;
    lists.forEach((list, index) => {
      const item = list[heads[index]!];
      const other = best < 0 ? undefined : lists[best]![heads[best]!];
      // Kinds stand in the order of effects, so that at one time the later kind is the newer.
      if (item && (!other || item.place.at >= other.place.at)) best = index;
    });
    return best < 0 ? undefined : lists[best]![heads[best]!++];
  };
  while (page.length < limit) {
    const item = newest();
    if (!item) break;
    page.push(item);
    places[item.kind] = item.place;
  }
  const keys = await keysOfRuns(db, [...new Set(page.flatMap(({ says }) => runOf(says) ?? []))]);
  const keyOf = (says: object) => ({ keyed: keys.get(runOf(says) ?? '') });
  const more = lists.some((list, index) => heads[index]! < list.length);
  const last = page.at(-1);
  if (last) {
    kinds.forEach((kind, index) => {
      if (isOpen(places[kind])) places[kind] = openBelow(last, kind, lists[index]![0]);
    });
  }
  return {
    // Each reader's words are of its own kind; the compiler loses that in the list.
    items: page.map(
      ({ kind, place, says }) => ({ at: place.at.toISOString(), kind, ...keyOf(says), ...says }) as TimelineItem,
    ),
    next: more
      ? writeCursor(kinds.map((kind) => [places[kind].at.getTime(), places[kind].id, places[kind].sub ?? 0]))
      : null,
  };
}

function runOf(says: object): string | undefined {
  return 'run' in says && typeof says.run === 'string' ? says.run : undefined;
}
