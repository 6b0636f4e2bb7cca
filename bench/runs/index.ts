/** The runs bench: the cart workload by both programs, one after the other on the same server. */
import type { Parts } from '../parts';
import { ratio, table } from '../report';
import { measure, type Measured, type Sizes } from './measure';
import { startNaive } from './naive';
import { startSojourn } from './sojourn';

export interface RunsResult {
  sides: Measured[];
  text: string;
}

const quick: Sizes = { people: 400, browsing: 400, giveUpAfterMs: 240_000 };
const full: Sizes = { people: 2_000, browsing: 600, giveUpAfterMs: 900_000 };
const warmUp: Sizes = { people: 20, browsing: 20, giveUpAfterMs: 60_000 };

export async function benchRuns(parts: Parts, options: { full: boolean }): Promise<RunsResult> {
  const sizes = options.full ? full : quick;
  const people = { warm: warmUp.people, visitor: sizes.people };
  const sides: Measured[] = [];
  // The naive program goes first, so that whatever a server loses by having worked falls on ours.
  for (const start of [startNaive, startSojourn]) {
    const side = await start(parts, people);
    try {
      await measure(side, parts, 'warm', warmUp);
      sides.push(await measure(side, parts, 'visitor', sizes));
    } finally {
      await side.stop();
    }
  }
  return { sides, text: describe(sides) };
}

function describe(sides: Measured[]): string {
  const rows = sides.map((side) => ({
    program: side.name,
    runs: side.runs,
    'history events a run': side.eventsPerRun,
    reminded: side.eventsOfReminded,
    bought: side.eventsOfBuyers,
    seconds: side.seconds,
    'runs/s': side.runsPerSecond,
    'late p50 (s)': side.lateP50,
    'late p99 (s)': side.lateP99,
    'not as it should be': side.wrong.join(', ') || 'nothing',
  }));
  const [naive, sojourn] = sides as [Measured, Measured]; // one for each of the two programs above
  return [
    table(rows),
    '',
    ratio('history events a run, Sojourn to naive', sojourn.eventsPerRun / naive.eventsPerRun, { atMost: 0.6 }),
    ratio('runs/s, Sojourn to naive', sojourn.runsPerSecond / naive.runsPerSecond, { atLeast: 1.5 }),
  ].join('\n');
}
