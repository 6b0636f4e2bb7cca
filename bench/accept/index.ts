/** The accept bench: acknowledged events a second of three servers under the same load, one after the other. */
import { startProgram, type Child } from '../child';
import type { LoadAnswer, LoadQuestion } from '../load/closed-loop';
import type { Parts } from '../parts';
import { ratio, table } from '../report';
import { serve } from '../runs/sojourn';

interface Server {
  name: string;
  port: number;
  headers: Record<string, string>;
  stop(): Promise<void>;
}

export interface AcceptResult {
  sides: (LoadAnswer & { name: string; perSecond: number })[];
  text: string;
}

export async function benchAccept(parts: Parts, options: { full: boolean }): Promise<AcceptResult> {
  const warmUpMs = options.full ? 5_000 : 2_000;
  const measureMs = options.full ? 30_000 : 6_000;
  const plain = async (name: string, file: string): Promise<Server> => {
    const child: Child = await startProgram(file, parts.env);
    return { name, port: child.port, headers: {}, stop: child.stop };
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
      const { name, port, headers, stop } = await start();
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
        const answer = await load.ask<LoadAnswer>(question);
        sides.push({ name, perSecond: answer.acknowledged / answer.seconds, ...answer });
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
    ratio('Sojourn to signal-with-start in the handler', sojourn / signal, { atLeast: 30 }),
    ratio('Sojourn to one insert a request', sojourn / insert, { atLeast: 1.5 }),
  ].join('\n');
}
