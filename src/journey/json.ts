/** What a run hands to the world: JSON, on whichever clock, and without what PostgreSQL's jsonb and text refuse. */

/** Each escape of a JSON text; `JSON.stringify` writes half of a surrogate pair as one, and whole pairs as they are. */
const escapes = /\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g;

/**
 * The value as JSON has it; NUL characters and halves of surrogate pairs are U+FFFD then. A run that carried one would
 * have every call refused, for ever. Throws a TypeError for what JSON can't hold (a BigInt, a circle).
 */
export function asStorableJson<T>(value: T): T {
  const json = JSON.stringify(value);
  return JSON.parse(json.replace(escapes, (escape) => (escape.length > 2 ? '\ufffd' : escape))) as T;
}
