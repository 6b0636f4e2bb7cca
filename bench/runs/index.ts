/** The runs bench: the cart workload by both programs, one after the other on the same server. */
import type { Parts } from '../parts';
import { figure, ratio, table } from '../report';
import { measure, type Measured, type Sizes } from './measure';
import { startNaive } from './naive';
import { startSojourn } from './sojourn';

/** A few people, whose every event is handled when it comes; and as many as the server can take. */
interface Both {
  calm: Measured;
  crowd: Measured;
}

export interface RunsResult {
  sides: Both[];
  text: string;
}

const warmUp: Sizes = { people: 20, browsing: 20, giveUpAfterMs: 60_000 };
const calm: Sizes = { people: 40, browsing: 20, giveUpAfterMs: 120_000 };
const quick: Sizes = { people: 400, browsing: 400, giveUpAfterMs: 240_000 };
const full: Sizes = { people: 2_000, browsing: 600, giveUpAfterMs: 900_000 };

export async function benchRuns(parts: Parts, options: { full: boolean }): Promise<RunsResult> {
  const crowd = options.full ? full : quick;
  const people = { warm: warmUp.people, calm: calm.people, crowd: crowd.people };
  const sides: Both[] = [];
  // The naive program goes first, so that whatever a server loses by having worked falls on ours.
  for (const start of [startNaive, startSojourn]) {
    const side = await start(parts, people);
    try {
      await measure(side, parts, 'warm', warmUp);
      sides.push({
        calm: await measure(side, parts, 'calm', calm),
        crowd: await measure(side, parts, 'crowd', crowd),
      });
    } finally {
      await side.stop();
    }
  }
  return { sides, text: describe(sides) };
}

function describe(sides: Both[]): string {
  const [naive, sojourn] = sides as [Both, Both]; // one for each of the two programs above
  const cpu = ({ cpuPerRunMs }: Measured) => Object.values(cpuPerRunMs).reduce((sum, each) => sum + each, 0);
  const wrong = ({ calm, crowd }: Both) => [...calm.wrong, ...crowd.wrong].join(', ') || 'nothing';
  const histories = sides.map(({ calm, crowd }) => ({
    program: calm.name,
    'history events a run': calm.eventsPerRun,
    reminded: calm.eventsOfReminded,
    bought: calm.eventsOfBuyers,
    'in the crowd': crowd.eventsPerRun,
  }));
  const speeds = sides.map(({ crowd }) => ({
    program: crowd.name,
    runs: crowd.runs,
    seconds: crowd.seconds,
    'runs/s': crowd.runsPerSecond,
    'late p50 (s)': crowd.lateP50,
    'late p99 (s)': crowd.lateP99,
    'CPU ms a run': cpu(crowd),
  }));
  return [
    table(histories),
    '',
    table(speeds),
    '',
    ...sides.map(({ crowd }) => `CPU ms a run, ${crowd.name}: ${parts(crowd.cpuPerRunMs)}`),
    ...sides.map((side) => `Not as it should be, ${side.calm.name}: ${wrong(side)}`),
    '',
    ratio('history events a run, Sojourn to naive', sojourn.calm.eventsPerRun / naive.calm.eventsPerRun, {
      atMost: 0.6,
    }),
    ratio('runs/s, Sojourn to naive', sojourn.crowd.runsPerSecond / naive.crowd.runsPerSecond, { atLeast: 1.5 }),
    `CPU a run, Sojourn to naive: ${(cpu(sojourn.crowd) / cpu(naive.crowd)).toFixed(2)}`,
  ].join('\n');
}

const parts = (cpu: Record<string, number>) =>
  Object.entries(cpu)
    .map(([name, ms]) => `${name} ${figure(ms)}`)
    .join(', ');
