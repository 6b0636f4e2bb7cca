/** A program: posts events over 64 connections for a while, each connection's next as soon as its last is answered. */
import { serve } from '../child';
import { Connections } from './connections';

export interface LoadQuestion {
  port: number;
  path: string;
  headers: Record<string, string>;
  connections: number;
  /** How many people take turns; without it, each event is somebody new's. No two loads have people in common. */
  people?: number;
  warmUpMs: number;
  measureMs: number;
}

export interface LoadAnswer {
  acknowledged: number;
  refused: number;
  seconds: number;
  /** Milliseconds from sending an event to its acknowledgement. */
  p50: number;
  p99: number;
}

async function load(question: LoadQuestion): Promise<LoadAnswer> {
  const connections = new Connections(question, question.connections);
  const from = performance.now() + question.warmUpMs;
  const until = from + question.measureMs;
  const name = Date.now().toString(36);
  const took: number[] = [];
  let refused = 0;
  let sent = 0;
  const line = async () => {
    while (performance.now() < until) {
      const started = performance.now();
      const { status } = await connections.post(event(name, sent++, question.people));
      const ended = performance.now();
      if (ended < from || ended > until) continue;
      if (status >= 200 && status < 300) took.push(ended - started);
      else refused++;
    }
  };
  await Promise.all(Array.from({ length: question.connections }, line));
  connections.close();
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.floor(took.length * share)] ?? 0;
  return { acknowledged: took.length, refused, seconds: question.measureMs / 1000, p50: at(0.5), p99: at(0.99) };
}

/** An event as a shop sends it: about 350 bytes. */
function event(load: string, number: number, people = Infinity): string {
  return JSON.stringify({
    type: 'track',
    messageId: `bench-${load}-${number}`,
    userId: `visitor-${load}-${number % people}`,
    event: 'view_item',
    properties: {
      currency: 'USD',
      value: 129.5,
      items: [{ item_id: `sku-${number % 500}`, item_name: 'Standing desk, oak', price: 129.5, quantity: 1 }],
    },
    timestamp: new Date().toISOString(),
  });
}

serve(load);
