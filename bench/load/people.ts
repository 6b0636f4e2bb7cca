/**
 * A program: people who come to a shop, put something in the cart, look around and buy or leave. They arrive as fast
 * as the server acknowledges, but at most `browsing` are there at a time, so that a slow server delays arrivals and
 * not the clicks of those who are there (a click that waits longer than the idle time would bring a reminder early).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '../child';
import { addressOf, buys, cartItems, personId, workload, type Visit } from '../runs/workload';
import { Connections } from './connections';

export interface PeopleQuestion {
  port: number;
  path: string;
  headers: Record<string, string>;
  prefix: string;
  people: number;
  browsing: number;
}

async function comeAndGo(question: PeopleQuestion): Promise<Visit[]> {
  const connections = new Connections(question, 64);
  const visits: Visit[] = [];
  let next = 0;
  const place = async () => {
    while (next < question.people) visits.push(await visit(next++, question.prefix, connections));
  };
  await Promise.all(Array.from({ length: Math.min(question.browsing, question.people) }, place));
  connections.close();
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
  await report('add_to_cart', { currency: 'USD', value: 80, items: cartItems });
  for (let more = 0; more < workload.moreEvents; more++) {
    await sleep(workload.gapMs);
    await report('view_item', {
      currency: 'USD',
      value: 12,
      items: [{ item_id: `lamp-${more}`, price: 12, quantity: 1 }],
    });
  }
  const lastEventAt = Date.now();
  if (buys(index)) {
    await sleep(workload.gapMs);
    await report('purchase', { currency: 'USD', value: 80, transaction_id: `t-${id}`, items: cartItems });
  }
  return { id, buys: buys(index), firstSentAt, lastEventAt };
}

serve(comeAndGo);
