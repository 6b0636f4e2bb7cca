/** Traits change by `identify`; a trait set to null is taken away, as in the Segment spec. */
export type Traits = Record<string, unknown>;

export function mergeTraits(traits: Traits, change: Traits): Traits {
  return Object.fromEntries(Object.entries({ ...traits, ...change }).filter(([, value]) => value !== null));
}

/** Where someone can be reached: never in Temporal's histories, ids or search attributes. */
const addressTraits = new Set(['email', 'phone', 'address']);

/** The traits that a run carries with it. */
export function withoutAddresses(traits: Traits): Traits {
  return Object.fromEntries(Object.entries(traits).filter(([name]) => !addressTraits.has(name)));
}
