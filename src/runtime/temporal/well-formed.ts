/**
 * Errors as Temporal can be told of them. Half of a surrogate pair, which a text has that was cut in the middle of an
 * emoji, can't be written in protobuf: the SDK's core refuses the whole answer, and its worker ends with all its runs.
 */
const words = ['name', 'message', 'stack'] as const;

/** The same error, with � in place of each half in its words and in those of its causes. */
export function inWellFormedWords<T>(error: T): T {
  const seen = new Set<unknown>();
  for (let one: unknown = error; one instanceof Error && !seen.has(one); one = one.cause) {
    seen.add(one);
    for (const name of words) {
      const said = one[name];
      if (typeof said === 'string' && !said.isWellFormed()) one[name] = said.toWellFormed();
    }
  }
  return error;
}
