/**
 * Who gets which variant, and (by the router) who is held out: by a hash of person and name, so that it is sticky, even, independent
 * between experiments, and needs no store to be told again.
 */

/** A stable number from 0 to 9999 for this person in the experiment of this name. */
export function bucket(personId: string, name: string): number {
  // FNV-1a over both, then MurmurHash3's finaliser, since FNV alone leaves neighbouring ids in neighbouring buckets.
  let hash = 0x811c9dc5;
  for (const char of `${name}\u0000${personId}`) {
    hash ^= char.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return (hash >>> 0) % 10_000;
}

/** Why nobody can be drawn by these weights, if so, and what to do. */
export function wrongWeights(weights: Readonly<Record<string, unknown>>): { what: string; remedy: string } | undefined {
  const remedy = 'Give each variant a number of zero or more, and one at least more';
  let total = 0;
  for (const [variant, weight] of Object.entries(weights)) {
    const isNumber = typeof weight === 'number';
    if (!isNumber || !(weight >= 0 && weight < Infinity)) {
      return { what: `the weight of '${variant}' is ${isNumber ? weight : 'no number'}`, remedy };
    }
    total += weight;
  }
  if (total === 0) return { what: 'none of its variants has a weight above zero', remedy };
  return total === Infinity ? { what: 'its weights add up to Infinity', remedy: 'Give smaller ones' } : undefined;
}

/** The person's variant. Weights are relative and need not sum up to 100; their order does not matter. */
export function pickVariant(personId: string, experiment: string, weights: Record<string, number>): string {
  const variants = Object.entries(weights).sort(([a], [b]) => (a < b ? -1 : 1));
  const total = variants.reduce((sum, [, weight]) => sum + weight, 0);
  let rest = (bucket(personId, experiment) / 10_000) * total;
  for (const [variant, weight] of variants) {
    rest -= weight;
    if (rest < 0) return variant;
  }
  return variants.at(-1)?.[0] ?? '';
}
