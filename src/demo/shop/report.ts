/**
 * Reports what the visitor does, with the browser's public key, one event after the other so that they arrive in their
 * order. What is sent twice has the same id, and counts once: so an event is tried again, and what is still on its way
 * when the page is left goes out in one batch.
 */
import { anonymousId, randomId, session } from './visitor';

interface Call {
  type: 'track' | 'page';
  [field: string]: unknown;
}

const tries = 4;
const waiting = new Set<Call>();
let queue: Promise<void> = Promise.resolve();

export function track(event: string, properties: object = {}): void {
  send({ type: 'track', event, properties });
}

export function page(name: string): void {
  const properties = { path: location.pathname, url: location.href, title: document.title };
  send({ type: 'page', name, properties });
}

/** Resolves when everything reported so far has arrived, or was given up. */
export function settled(): Promise<void> {
  return queue;
}

function send(what: Call): void {
  const known = session.get();
  if (!known) return;
  const call = {
    ...what,
    messageId: randomId('shop'),
    timestamp: new Date().toISOString(),
    anonymousId: anonymousId(),
    ...(known.visitor && { userId: known.visitor.userId, userIdSignature: known.visitor.signature }),
  };
  waiting.add(call);
  queue = queue.then(() => deliver(call, known.writeKey)).then(() => void waiting.delete(call));
}

async function deliver({ type, ...call }: Call, key: string): Promise<void> {
  for (let attempt = 1; attempt <= tries; attempt++) {
    const response = await post(type, key, call).catch(() => undefined);
    // What was refused for what it says would be refused again.
    if (response && (response.ok || (response.status < 500 && response.status !== 429))) return;
    await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
  }
}

function post(path: string, key: string, body: object): Promise<Response> {
  return fetch(`/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${key}:`)}` },
    body: JSON.stringify({ ...body, sentAt: new Date().toISOString() }),
    credentials: 'omit',
    keepalive: true,
  });
}

addEventListener('pagehide', () => {
  const known = session.get();
  if (known && waiting.size > 0) void post('batch', known.writeKey, { batch: [...waiting] }).catch(() => undefined);
});
