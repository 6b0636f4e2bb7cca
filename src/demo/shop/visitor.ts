/** Who this browser is to the shop: an anonymous id of its own, and the session that the back end knows. */
import type { SessionAnswer } from './answers';
import { createStore } from './store';

const idKey = 'fjord-and-oak:anonymous-id';

/** `crypto.randomUUID` is there on secure origins only; a demo may be shown over plain HTTP. */
export function randomId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `${prefix}-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

export function anonymousId(): string {
  const known = localStorage.getItem(idKey);
  if (known !== null) return known;
  const made = randomId('visitor');
  localStorage.setItem(idKey, made);
  return made;
}

export function forgetAnonymousId(): void {
  localStorage.removeItem(idKey);
}

/** Undefined until the back end has answered. */
export const session = createStore<SessionAnswer | undefined>(undefined);

/** What the back end refused, in words for who asked. */
export class Refused extends Error {}

export async function ask<T>(path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/shop/api/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => {
    throw new Refused('The shop does not answer. Is the demo still running?');
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer as T;
  const detail = typeof answer === 'object' && answer !== null && 'detail' in answer ? answer.detail : undefined;
  throw new Refused(typeof detail === 'string' ? detail : 'The shop could not do that. Try again.');
}

const shopKey = 'fjord-and-oak:write-key';

/** True when this browser was last in a shop of other data, whose cart and visitor are unknown here. */
export async function loadSession(): Promise<boolean> {
  const answer = await ask<SessionAnswer>('session');
  const before = localStorage.getItem(shopKey);
  localStorage.setItem(shopKey, answer.writeKey);
  session.set(answer);
  return before !== null && before !== answer.writeKey;
}
