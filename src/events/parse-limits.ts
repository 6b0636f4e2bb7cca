/**
 * Limits on what a sender may put into one event, checked before anything reads it: what PostgreSQL's jsonb refuses
 * (NUL, half a surrogate pair) must be one sender's error and not that of a commit shared with others.
 */
import type { Rejection } from './incoming';
import { formatPath } from './plan';

/** In bytes of JSON. */
export const maxEventBytes = 32 * 1024;
export const maxBatchBytes = 500 * 1024;
export const maxIdLength = 256;
const maxDepth = 12;
const maxKeys = 1_000;
const maxKeyLength = 256;

const unstorable = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

type Problem = Pick<Rejection, 'path' | 'detail'>;

/** Names the first thing in `value` that can't be kept; undefined when all of it can. */
export function findUnstorable(value: unknown): Problem | undefined {
  const path: PropertyKey[] = [];
  let keys = 0;

  function at(detail: string): Problem {
    return { path: formatPath(path), detail };
  }

  function visit(node: unknown): Problem | undefined {
    if (typeof node === 'string') {
      return unstorable.test(node)
        ? at('holds a NUL character or half of a surrogate pair, which can not be stored; remove it')
        : undefined;
    }
    if (typeof node !== 'object' || node === null) return undefined;
    if (path.length >= maxDepth) return at(`is nested more than ${maxDepth} deep; flatten it`);
    const entries: [PropertyKey, unknown][] = Array.isArray(node)
      ? node.map((entry: unknown, index): [number, unknown] => [index, entry])
      : Object.entries(node);
    keys += entries.length;
    if (keys > maxKeys) return at(`the event has more than ${maxKeys} keys and entries; send less`);
    for (const [key, child] of entries) {
      if (typeof key === 'string') {
        if (key === '__proto__') return at(`has the key '__proto__', which is not allowed; rename it`);
        if (key.length > maxKeyLength) return at(`has a key of more than ${maxKeyLength} characters; shorten it`);
        if (unstorable.test(key)) return at('has a key with a NUL character or half of a surrogate pair; rename it');
      }
      path.push(key);
      const problem = visit(child);
      if (problem) return problem;
      path.pop();
    }
    return undefined;
  }

  return visit(value);
}
