/**
 * Rates per key and per address, as token buckets in bounded memory: what was idle longest is forgotten first, which
 * only ever gives its owner a full bucket. An address of IPv6 counts as its /64.
 */
import { networkOf } from './network';
import { Problem } from './problem';

export interface Rate {
  perSecond: number;
  burst: number;
}

export interface LimitOptions {
  perKey?: Rate;
  /** Events of one address, for keys that live in pages. */
  perBrowserAddress?: Rate;
  /** Requests of one address with a wrong key or none. */
  perRefusedAddress?: Rate;
  /** Wrong passwords of one address. */
  perSignInAddress?: Rate;
  /** Wrong passwords of all addresses, apart for those from which somebody has signed in before. */
  signIns?: Rate;
  /** How many keys and addresses are remembered. */
  maxBuckets?: number;
}

export interface Bucket {
  /**
   * How many seconds until a token is there; 0 when `count` were taken now, one unless given. One that is there is
   * enough: the others are owed, so that what comes at once may be more than a bucket holds, and is waited for after it.
   */
  take(name: string, count?: number): number;
  /** Puts back a token that was taken. */
  give(name: string): void;
}

export function createBuckets({ perSecond, burst }: Rate, maxBuckets: number, nowMs = () => performance.now()): Bucket {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(name, count = 1) {
      const now = nowMs();
      let bucket = buckets.get(name);
      if (bucket) {
        bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1_000) * perSecond);
        bucket.at = now;
        if (buckets.size > maxBuckets / 2) {
          buckets.delete(name);
          buckets.set(name, bucket);
        }
      } else {
        if (buckets.size >= maxBuckets) buckets.delete(buckets.keys().next().value!);
        bucket = { tokens: burst, at: now };
        buckets.set(name, bucket);
      }
      if (bucket.tokens < 1) return (1 - bucket.tokens) / perSecond;
      bucket.tokens -= count;
      return 0;
    },
    give(name) {
      const bucket = buckets.get(name);
      if (bucket) bucket.tokens = Math.min(burst, bucket.tokens + 1);
    },
  };
}

const mostWelcome = 1_000;

export interface Limits {
  key(id: string): void;
  browserAddress(address: string, events?: number): void;
  /** Takes back that a request of this address counted as one of a page. */
  serverAddress(address: string): void;
  refusedAddress(address: string): void;
  /** Takes back that a request of this address was refused. */
  admittedAddress(address: string): void;
  /** Before a password is looked at; `signedIn` takes it back, so that only wrong ones count. */
  signIn(address: string): void;
  signedIn(address: string): void;
}

export function createLimits({
  perKey = { perSecond: 20_000, burst: 40_000 },
  perBrowserAddress = { perSecond: 200, burst: 1_000 },
  perRefusedAddress = { perSecond: 20, burst: 200 },
  perSignInAddress = { perSecond: 10 / 60, burst: 10 },
  signIns = { perSecond: 1, burst: 100 },
  maxBuckets = 10_000,
}: LimitOptions = {}): Limits {
  const refused = createBuckets(perRefusedAddress, maxBuckets);
  const browsers = createBuckets(perBrowserAddress, maxBuckets);
  const guessed = createBuckets(perSignInAddress, maxBuckets);
  const guessedByAll = createBuckets(signIns, 2);
  /** Those who knew the password: whoever guesses from elsewhere does not keep them out. */
  const welcome = new Set<string>();
  const crowdOf = (network: string) => (welcome.has(network) ? 'known' : 'unknown');
  const enforce = (what: string, buckets: Bucket) => {
    return (name: string, count = 1): void => {
      const waitS = buckets.take(name, count);
      if (waitS === 0) return;
      const seconds = String(Math.max(1, Math.ceil(waitS)));
      throw new Problem('too-many-requests', `${what}. Wait ${seconds} s.`, { headers: { 'retry-after': seconds } });
    };
  };
  const enforceRate = (rate: Rate, what: string, buckets = createBuckets(rate, maxBuckets)) =>
    enforce(`More than ${rate.perSecond} ${what}`, buckets);
  const signInOfAddress = enforce('Too many wrong passwords from this address', guessed);
  const signInOfAll = enforce('Too many wrong passwords', guessedByAll);
  const fromBrowser = enforceRate(perBrowserAddress, 'events a second from one address', browsers);
  const refusedFrom = enforceRate(perRefusedAddress, 'requests a second without a valid key from one address', refused);
  return {
    key: enforceRate(perKey, 'requests a second with one key'),
    browserAddress: (address, events) => fromBrowser(networkOf(address), events),
    serverAddress: (address) => browsers.give(networkOf(address)),
    refusedAddress: (address) => refusedFrom(networkOf(address)),
    admittedAddress: (address) => refused.give(networkOf(address)),
    signIn(address) {
      const network = networkOf(address);
      signInOfAddress(network);
      try {
        signInOfAll(crowdOf(network));
      } catch (error) {
        guessed.give(network);
        throw error;
      }
    },
    signedIn(address) {
      const network = networkOf(address);
      guessed.give(network);
      guessedByAll.give(crowdOf(network));
      welcome.delete(network);
      welcome.add(network);
      if (welcome.size > mostWelcome) welcome.delete(welcome.values().next().value!);
    },
  };
}
