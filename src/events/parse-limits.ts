/**
 * Limits on what a sender may put into one event, checked before anything reads it: what PostgreSQL's jsonb refuses
 * (NUL, half a surrogate pair) must be one sender's error and not that of a commit shared with others.
 */
import type { Rejection } from './incoming';
import { formatPath } from './plan';

/** In bytes of JSON. */
export const maxEventBytes = 32 * 1024;
export const maxBatchBytes = 500 * 1024;
/** Calls in one batch: as many tiny ones as fit into its bytes would each cost a refusal. */
export const maxBatchCalls = 2_500;
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

  function visitText(text: string): Problem | undefined {
    if (!unstorable.test(text)) return undefined;
    return at('holds a NUL character or half of a surrogate pair, which can not be stored; remove it');
  }

  function visitKey(key: string): Problem | undefined {
    if (key === '__proto__') return at(`has the key '__proto__', which is not allowed; rename it`);
    if (key.length > maxKeyLength) return at(`has a key of more than ${maxKeyLength} characters; shorten it`);
    if (unstorable.test(key)) return at('has a key with a NUL character or half of a surrogate pair; rename it');
    return undefined;
  }

  function visitChild(key: PropertyKey, child: unknown): Problem | undefined {
    if (typeof child !== 'string' && (typeof child !== 'object' || child === null)) return undefined;
    path.push(key);
    const problem = typeof child === 'string' ? visitText(child) : visit(child);
    if (!problem) path.pop();
    return problem;
  }

  // Every event is walked, so nothing is copied on the way.
  function visit(node: object): Problem | undefined {
    if (path.length >= maxDepth) return at(`is nested more than ${maxDepth} deep; flatten it`);
    const names = Array.isArray(node) ? undefined : Object.keys(node);
    const count = names ? names.length : (node as unknown[]).length;
    keys += count;
    if (keys > maxKeys) return at(`the event has more than ${maxKeys} keys and entries; send less`);
    for (let index = 0; index < count; index++) {
      const name = names?.[index];
      const problem =
        name === undefined
          ? visitChild(index, (node as unknown[])[index])
          : (visitKey(name) ?? visitChild(name, (node as Record<string, unknown>)[name]));
      if (problem) return problem;
    }
    return undefined;
  }

  return typeof value === 'string'
    ? visitText(value)
    : typeof value === 'object' && value !== null
      ? visit(value)
      : undefined;
}
