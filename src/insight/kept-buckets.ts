/**
 * Counts by bucket of time, held in memory once the bucket is closed: time is over, and so is the time that what was
 * stamped in it may take to be committed. Whoever polls then reads the open buckets only.
 */
import { bucketsOf, bucketStart, type Window } from './buckets';

/** Whole buckets of one length: from the beginning of the first to the end of the last, in the stack's ms. */
export interface Stretch {
  from: number;
  to: number;
  bucketSeconds: number;
}

export interface KeptBuckets<T> {
  /** Every bucket of the window, oldest first. Those that end after `closedBefore` are counted again the next time. */
  read(window: Window, closedBefore: number): Promise<{ at: number; counts: T }[]>;
  /** The buckets, of whatever length, that this moment lies in are counted anew. */
  forget(moment: number): void;
  /** The same for those that `changed` says it of, among the buckets of this window's length. */
  check(window: Window, changed: (at: number, counts: T) => boolean): void;
}

/**
 * The wall's ms after which nothing is committed any more that was stamped before. A statement may take 30 s, and waits
 * 5 s for its connection (see `openDatabase`); the rest is for the clocks of other processes.
 */
export const committedWithinMs = 60_000;

/** Stretches beyond which all of the window between the first and the last is counted at once. */
const stretchesAtMost = 5;

/** `count` gives the buckets in which there is something; the others have `empty`. */
export function createKeptBuckets<T>(count: (stretch: Stretch) => Promise<Map<number, T>>, empty: T): KeptBuckets<T> {
  const byLength = new Map<number, Map<number, T>>();

  function keptOf({ bucketSeconds }: Window): Map<number, T> {
    const known = byLength.get(bucketSeconds) ?? new Map<number, T>();
    byLength.set(bucketSeconds, known);
    return known;
  }

  return {
    async read(window, closedBefore) {
      const kept = keptOf(window);
      const wanted = bucketsOf(window);
      const size = window.bucketSeconds * 1_000;
      const missing = stretchesOf(
        wanted.filter((at) => !kept.has(at)),
        window.bucketSeconds,
      );
      const counted = new Map((await Promise.all(missing.map(count))).flatMap((buckets) => [...buckets]));
      const buckets = wanted.map((at) => ({ at, counts: kept.get(at) ?? counted.get(at) ?? empty }));
      for (const at of kept.keys()) if (at < window.oldest) kept.delete(at);
      for (const { at, counts } of buckets) if (at + size <= closedBefore) kept.set(at, counts);
      return buckets;
    },
    forget(moment) {
      for (const [bucketSeconds, kept] of byLength) kept.delete(bucketStart(moment, bucketSeconds));
    },
    check(window, changed) {
      const kept = keptOf(window);
      for (const [at, counts] of kept) if (changed(at, counts)) kept.delete(at);
    },
  };
}

/** Neighbours are one stretch. */
function stretchesOf(buckets: number[], bucketSeconds: number): Stretch[] {
  const size = bucketSeconds * 1_000;
  const stretches: Stretch[] = [];
  for (const at of buckets) {
    const last = stretches.at(-1);
    if (last?.to === at) last.to = at + size;
    else stretches.push({ from: at, to: at + size, bucketSeconds });
  }
  if (stretches.length <= stretchesAtMost) return stretches;
  return [{ from: stretches[0]!.from, to: stretches.at(-1)!.to, bucketSeconds }];
}
