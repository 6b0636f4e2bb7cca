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

/** Of the web's addresses none: `https://shop.example/desk@2x.png` is a picture. */
const mailAddress = /^[^\s@<>()[\]\\,;:"/]{1,64}@[^\s@<>()[\]\\,;:"/]{1,253}\.\p{L}{2,63}$/u;

/**
 * Traits, or an event's properties, as they go to Temporal: at any depth without what is named as an address, and without
 * a mail address by whichever name.
 */
export function withoutAddresses(traits: Traits): Traits {
  return Object.fromEntries(
    Object.entries(traits)
      .filter(([name, value]) => !addressNames.includes(name.toLowerCase()) && !isMailAddress(value))
      .map(([name, value]) => [name, within(value)]),
  );
}

function within(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => !isMailAddress(one)).map(within);
  return typeof value === 'object' && value !== null ? withoutAddresses(value as Traits) : value;
}

function isMailAddress(value: unknown): boolean {
  return typeof value === 'string' && mailAddress.test(value.trim());
}
