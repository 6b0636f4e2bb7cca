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
  return new Walk().visit(value);
}

/** Every event is walked, so nothing is copied on the way, and no function is made for one. */
class Walk {
  private readonly path: PropertyKey[] = [];
  private keys = 0;

  visit(value: unknown): Problem | undefined {
    if (typeof value === 'string') return this.visitText(value);
    return typeof value === 'object' && value !== null ? this.visitNode(value) : undefined;
  }

  private visitNode(node: object): Problem | undefined {
    if (this.path.length >= maxDepth) return this.at(`is nested more than ${maxDepth} deep; flatten it`);
    const names = Array.isArray(node) ? undefined : Object.keys(node);
    const count = names ? names.length : (node as unknown[]).length;
    this.keys += count;
    if (this.keys > maxKeys) return this.at(`the event has more than ${maxKeys} keys and entries; send less`);
    for (let index = 0; index < count; index++) {
      const name = names?.[index];
      const problem =
        name === undefined
          ? this.visitChild(index, (node as unknown[])[index])
          : (this.visitKey(name) ?? this.visitChild(name, (node as Record<string, unknown>)[name]));
      if (problem) return problem;
    }
    return undefined;
  }

  private visitChild(key: PropertyKey, child: unknown): Problem | undefined {
    if (typeof child !== 'string' && (typeof child !== 'object' || child === null)) return undefined;
    this.path.push(key);
    const problem = this.visit(child);
    if (!problem) this.path.pop();
    return problem;
  }

  private visitText(text: string): Problem | undefined {
    if (!unstorable.test(text)) return undefined;
    return this.at('holds a NUL character or half of a surrogate pair, which can not be stored; remove it');
  }

  private visitKey(key: string): Problem | undefined {
    if (key === '__proto__') return this.at(`has the key '__proto__', which is not allowed; rename it`);
    if (key.length > maxKeyLength) return this.at(`has a key of more than ${maxKeyLength} characters; shorten it`);
    if (unstorable.test(key)) return this.at('has a key with a NUL character or half of a surrogate pair; rename it');
    return undefined;
  }

  private at(detail: string): Problem {
    return { path: formatPath(this.path), detail };
  }
}
