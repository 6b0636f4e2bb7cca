/** The accept bench: acknowledged events a second of servers under the same loads, one server at a time. */
import { startProgram, type Child } from '../child';
import { cpuMsEach, cpuSecondsOf } from '../cpu';
import type { LoadAnswer, LoadQuestion } from '../load/closed-loop';
import type { Parts } from '../parts';
import { figures, ratio, table } from '../report';
import { insertRow, loads, serversOn, signalWithStart, sojourn, tidy, type Load, type Server } from './loads';

interface Measured extends LoadAnswer {
  server: string;
  perSecond: number;
  cpuPer1000EventsMs: Record<string, number>;
  /** From the last answer until all that was acknowledged had been decided, where something decides it. */
  behindSeconds?: number;
}

interface Measurements {
  load: Load;
  sides: Measured[];
}

export interface AcceptResult {
  measurements: Measurements[];
  text: string;
}

const warmUpMs = 5_000;

export async function benchAccept(parts: Parts, options: { full: boolean }): Promise<AcceptResult> {
  const generator = await startProgram('load/closed-loop.ts');
  const measureMs = options.full ? 30_000 : 8_000;
  const servers = serversOn(parts);
  const measurements: Measurements[] = [];
  try {
    for (const load of loads) {
      const sides: Measured[] = [];
      for (const [name, start] of Object.entries(servers)) {
        process.stderr.write(`  ${load.title}: ${name}\n`);
        await tidy(parts.databaseUrl);
        const server = await start();
        try {
          await server.caughtUp?.(); // with what another API has left
          sides.push({ server: name, ...(await measure(server, load, measureMs, generator, parts)) });
        } finally {
          await server.stop();
        }
      }
      measurements.push({ load, sides });
    }
  } finally {
    await generator.stop();
  }
  return { measurements, text: measurements.map(describe).join('\n\n') };
}

async function measure(
  { port, headers, caughtUp, ...server }: Server,
  { people }: Load,
  measureMs: number,
  generator: Child,
  parts: Parts,
): Promise<Omit<Measured, 'server'>> {
  const question = {
    port,
    path: '/v1/track',
    headers,
    connections: 64,
    people,
    warmUpMs,
    measureMs,
  };
  const pids = { ...server.pids, ...parts.pids, load: generator.pid };
  const before = cpuSecondsOf(pids);
  const answer = await generator.ask<LoadAnswer>(question satisfies LoadQuestion);
  const ended = performance.now();
  await caughtUp?.();
  const behindSeconds = caughtUp && (performance.now() - ended) / 1000;
  // The warm-up's events are not counted, and took their share of it.
  const events = (answer.acknowledged / measureMs) * (warmUpMs + measureMs);
  const cpuPer1000EventsMs = cpuMsEach(before, cpuSecondsOf(pids), events / 1000);
  return { ...answer, perSecond: answer.acknowledged / answer.seconds, cpuPer1000EventsMs, behindSeconds };
}

function describe({ load, sides }: Measurements): string {
  const rows = sides.map((side) => ({
    [load.title]: side.server,
    'acknowledged/s': side.perSecond,
    'p50 (ms)': side.p50,
    'p99 (ms)': side.p99,
    refused: side.refused,
  }));
  const perSecond = (name: string) => sides.find(({ server }) => server === name)?.perSecond;
  const ours = perSecond(sojourn) ?? NaN;
  const to = (name: string) => {
    const theirs = perSecond(name);
    return theirs === undefined ? [] : [ratio(`Sojourn to ${name}`, ours / theirs, load.aims?.[name])];
  };
  return [
    table(rows),
    '',
    // Milliseconds a thousand are microseconds each.
    ...sides.map(({ server, cpuPer1000EventsMs }) => `CPU µs an event, ${server}: ${figures(cpuPer1000EventsMs)}`),
    ...sides.flatMap(({ server, behindSeconds }) =>
      behindSeconds === undefined ? [] : [`Behind at the end, ${server}: ${behindSeconds.toFixed(1)} s`],
    ),
    ...to(signalWithStart),
    ...to(insertRow),
  ].join('\n');
}
