/** What can be kept: PostgreSQL refuses NUL characters and halves of surrogate pairs, which is what a cut emoji leaves. */

/** Each escape of a JSON text; `JSON.stringify` writes half of a surrogate pair as one, and whole pairs as they are. */
const escapes = /\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g;

/**
 * The value as JSON has it, on whichever clock, with U+FFFD in place of what can't be kept. A run that carried one would
 * have every call refused, for ever. Throws a TypeError for what JSON can't hold (a BigInt, a circle).
 */
export function asStorableJson<T>(value: T): T {
  const json = JSON.stringify(value);
  return JSON.parse(json.replace(escapes, (escape) => (escape.length > 2 ? '\ufffd' : escape))) as T;
}

/** The text, with U+FFFD in place of what can't be kept. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');

/** Its beginning, of at most `length` UTF-16 units, which does not end in the middle of a character. */
export function cutBetweenCharacters(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}
