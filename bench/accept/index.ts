/** The accept bench: acknowledged events a second of three servers under the same load, one after the other. */
import { startProgram, type Child } from '../child';
import { cpuMsEach, cpuSecondsOf } from '../cpu';
import type { LoadAnswer, LoadQuestion } from '../load/closed-loop';
import type { Parts } from '../parts';
import { figures, ratio, table } from '../report';
import { serve } from '../runs/sojourn';

interface Server {
  name: string;
  port: number;
  headers: Record<string, string>;
  pid: number;
  stop(): Promise<void>;
}

export interface AcceptResult {
  sides: (LoadAnswer & { name: string; perSecond: number; cpuPer1000EventsMs: Record<string, number> })[];
  text: string;
}

export async function benchAccept(parts: Parts, options: { full: boolean }): Promise<AcceptResult> {
  const warmUpMs = 5_000;
  const measureMs = options.full ? 30_000 : 8_000;
  const plain = async (name: string, file: string): Promise<Server> => {
    const child: Child = await startProgram(file, parts.env);
    return { name, port: child.port, headers: {}, pid: child.pid, stop: child.stop };
  };
  const servers = [
    () => plain('Express, signal-with-start in the handler', 'naive/api.ts'),
    () => plain('Express, one insert a request', 'accept/insert-row.ts'),
    async () => ({ name: 'Sojourn', ...(await serve(parts, ['api'])) }),
  ];
  const sides: AcceptResult['sides'] = [];
  const load = await startProgram('load/closed-loop.ts');
  try {
    for (const start of servers) {
      const { name, port, headers, pid, stop } = await start();
      try {
        const question: LoadQuestion = {
          port,
          path: '/v1/track',
          headers,
          connections: 64,
          people: 1_000,
          warmUpMs,
          measureMs,
        };
        const pids = { program: pid, ...parts.pids, load: load.pid };
        const before = cpuSecondsOf(pids);
        const answer = await load.ask<LoadAnswer>(question);
        // The warm-up's events are not counted, and took their share of it.
        const events = (answer.acknowledged / measureMs) * (warmUpMs + measureMs);
        const cpuPer1000EventsMs = cpuMsEach(before, cpuSecondsOf(pids), events / 1000);
        sides.push({ name, perSecond: answer.acknowledged / answer.seconds, ...answer, cpuPer1000EventsMs });
      } finally {
        await stop();
      }
    }
  } finally {
    await load.stop();
  }
  return { sides, text: describe(sides) };
}

function describe(sides: AcceptResult['sides']): string {
  const rows = sides.map((side) => ({
    server: side.name,
    'acknowledged/s': side.perSecond,
    'p50 (ms)': side.p50,
    'p99 (ms)': side.p99,
    refused: side.refused,
  }));
  const [signal, insert, sojourn] = sides.map((side) => side.perSecond) as [number, number, number]; // as started above
  return [
    table(rows),
    '',
    // Milliseconds a thousand are microseconds each.
    ...sides.map(({ name, cpuPer1000EventsMs }) => `CPU µs an event, ${name}: ${figures(cpuPer1000EventsMs)}`),
    '',
    ratio('Sojourn to signal-with-start in the handler', sojourn / signal, { atLeast: 30 }),
    ratio('Sojourn to one insert a request', sojourn / insert, { atLeast: 1.5 }),
  ].join('\n');
}
