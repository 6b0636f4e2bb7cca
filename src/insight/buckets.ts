/** Cuts a window of time into buckets of equal length, aligned to the clock, so that they stay as the window moves on. */

const second = 1_000;
/** The lengths there are, in seconds. */
const lengths = [5, 10, 30, 60, 120, 300, 600, 900, 1_800, 3_600];
const mostBuckets = 96;

export interface Window {
  /** Stack's ms: the beginning of the first bucket. */
  from: number;
  until: number;
  bucketSeconds: number;
  /** Stack's ms: no window of this length of buckets that ends now begins before it. */
  oldest: number;
}

/** The window of that many minutes up to `now` (stack's ms), from the beginning of a bucket. */
export function windowOf(now: number, minutes: number): Window {
  const bucketSeconds = lengths.find((length) => (minutes * 60) / length <= mostBuckets) ?? lengths.at(-1)!;
  const size = bucketSeconds * second;
  return {
    from: bucketStart(now - minutes * 60 * second, bucketSeconds) + size,
    ...{ until: now, bucketSeconds },
    oldest: bucketStart(now, bucketSeconds) - mostBuckets * size,
  };
}

/** The beginning of the bucket that a moment (stack's ms) lies in. */
export function bucketStart(moment: number, bucketSeconds: number): number {
  const size = bucketSeconds * second;
  return Math.floor(moment / size) * size;
}

/** Every bucket's beginning, oldest first. */
export function bucketsOf({ from, until, bucketSeconds }: Window): number[] {
  const size = bucketSeconds * second;
  return Array.from({ length: Math.floor((until - from) / size) + 1 }, (_, index) => from + index * size);
}
