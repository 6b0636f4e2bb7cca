/** Reports as a careful client does: again and again under the same message id, by any way in, until it is acknowledged. */
import { setTimeout as sleep } from 'node:timers/promises';
import { secretKey, writeKey } from '../e2e/processes';
import type { Reported } from './acknowledged';
import type { Seeded } from '../support/seeded';
import type { World } from './world';

const answerWithinMs = 12_000;

/** The status is 0 when there was no answer. */
export async function post(
  url: string,
  body: unknown,
  key = writeKey,
): Promise<{ status: number; body: Record<string, unknown> }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    return { status: response.status, body: (await response.json().catch(() => ({}))) as Record<string, unknown> };
  } catch {
    return { status: 0, body: {} };
  }
}

export async function get(url: string): Promise<Record<string, unknown> | undefined> {
  try {
    const signal = AbortSignal.timeout(answerWithinMs);
    const response = await fetch(url, { headers: { authorization: `Bearer ${secretKey}` }, signal });
    return response.ok ? ((await response.json()) as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

type Fields = Omit<Reported, 'nth' | 'sentAt' | 'ackedAt'>;

/** What the same call is, by each of the ways in. */
function wayIn({ type, who, name, properties, messageId }: Fields, random: Seeded): [path: string, body: object] {
  if (type === 'identify') {
    const call = { ...who, traits: properties, messageId };
    return random.chance(0.7) ? ['/v1/identify', call] : ['/v1/batch', { batch: [{ type, ...call }] }];
  }
  if (type === 'alias') return ['/v1/alias', { ...who, ...properties, messageId }];
  const call = { ...who, event: name, properties, messageId };
  const short = { ...who, event: name, ...properties, messageId };
  return random.pick<[string, object]>([
    ['/v1/track', call],
    ['/v1/batch', { batch: [{ type, ...call }] }],
    ['/api/log_event', short],
    ['/track-event', short],
  ]);
}

/** Resolves when it is acknowledged, and writes that down. Now and then it is reported several times at once. */
export async function report({ apis, known }: World, random: Seeded, fields: Fields, nth: number): Promise<Reported> {
  const reported: Reported = { ...fields, nth, sentAt: Date.now() };
  known.reported.push(reported);
  const copies = random.chance(0.15) ? 2 + random.below(6) : 1;
  const one = async () => {
    for (;;) {
      const [path, body] = wayIn(fields, random);
      const answer = await post(random.pick(apis) + path, body);
      if (answer.status >= 200 && answer.status < 300) break;
      if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
        throw new Error(`${path} of ${JSON.stringify(body)} was refused: ${JSON.stringify(answer)}`);
      }
      await sleep(random.between(50, 400));
    }
    reported.ackedAt ??= Date.now();
  };
  await Promise.all(Array.from({ length: copies }, one));
  return reported;
}
