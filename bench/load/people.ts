/**
 * A program: people who come to a shop, put something in the cart, look around and buy or leave. Either they come
 * evenly, so many a second, however the server takes it; or as fast as it acknowledges, but at most `browsing` are
 * there at a time, so that a slow server delays arrivals and not the clicks of those who are there (a click that waits
 * longer than the idle time would bring a reminder early).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '../child';
import { addressOf, buys, cartItems, personId, workload, type Arrivals, type Visit } from '../runs/workload';
import { Connections } from './connections';

export interface PeopleQuestion {
  port: number;
  path: string;
  headers: Record<string, string>;
  prefix: string;
  people: number;
  arrive: Arrivals;
}

async function comeAndGo(question: PeopleQuestion): Promise<Visit[]> {
  const { arrive, people, prefix } = question;
  const connections = new Connections(question, 64);
  const come = (index: number) => visit(index, prefix, connections);
  const visits =
    'perSecond' in arrive ? await evenly(people, arrive.perSecond, come) : await crowd(people, arrive.browsing, come);
  connections.close();
  return visits;
}

type Come = (index: number) => Promise<Visit>;

async function evenly(people: number, perSecond: number, come: Come): Promise<Visit[]> {
  const from = performance.now();
  return Promise.all(
    Array.from({ length: people }, async (_, index) => {
      await sleep(from + (index * 1_000) / perSecond - performance.now());
      return come(index);
    }),
  );
}

async function crowd(people: number, browsing: number, come: Come): Promise<Visit[]> {
  const visits: Visit[] = [];
  let next = 0;
  const place = async () => {
    while (next < people) visits.push(await come(next++));
  };
  await Promise.all(Array.from({ length: Math.min(browsing, people) }, place));
  return visits;
}

async function visit(index: number, prefix: string, connections: Connections): Promise<Visit> {
  const id = personId(prefix, index);
  let count = 0;
  const report = async (event: string, properties: object) => {
    const messageId = `${id}-${++count}`;
    const { status } = await connections.post(
      JSON.stringify({ type: 'track', messageId, userId: id, event, properties, context: { email: addressOf(id) } }),
    );
    if (status < 200 || status > 299) throw new Error(`${event} of ${id} was answered with ${status}.`);
  };
  const firstSentAt = Date.now();
  let lastSentAt = firstSentAt;
  await report('add_to_cart', { currency: 'USD', value: 80, items: cartItems });
  for (let more = 0; more < workload.moreEvents; more++) {
    await sleep(workload.gapMs);
    lastSentAt = Date.now();
    await report('view_item', {
      currency: 'USD',
      value: 12,
      items: [{ item_id: `lamp-${more}`, price: 12, quantity: 1 }],
    });
  }
  const lastAnsweredAt = Date.now();
  if (buys(index)) {
    await sleep(workload.gapMs);
    await report('purchase', { currency: 'USD', value: 80, transaction_id: `t-${id}`, items: cartItems });
  }
  return { id, buys: buys(index), firstSentAt, lastSentAt, lastAnsweredAt };
}

serve(comeAndGo);
