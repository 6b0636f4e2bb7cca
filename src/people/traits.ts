/** Traits change by `identify`; a trait set to null is taken away, as in the Segment spec. */
import { addressNames } from '../journey';

export type Traits = Record<string, unknown>;

/** What one person's traits may grow to, as JSON: they travel with every run. */
export const traitsLimitBytes = 64 * 1024;

/** A change that would let the traits grow beyond the limit is not made; its event keeps it. */
export function mergeTraits(traits: Traits, change: Traits): Traits {
  const merged = Object.fromEntries(Object.entries({ ...traits, ...change }).filter(([, value]) => value !== null));
  return Buffer.byteLength(JSON.stringify(merged)) > traitsLimitBytes ? traits : merged;
}

/** Traits, or an event's properties, as they go to Temporal. */
export function withoutAddresses(traits: Traits): Traits {
  return Object.fromEntries(Object.entries(traits).filter(([name]) => !addressNames.includes(name.toLowerCase())));
}
