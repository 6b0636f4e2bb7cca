/** The runs bench: the cart workload by each program, one at a time on the same server. */
import type { Parts } from '../parts';
import { figures, ratio, table } from '../report';
import { findInTime, inTurns, type InTime } from './in-time';
import { measure, type Measured, type Side, type Sizes } from './measure';
import { startLean, startNaive } from './programs';
import { startSojourn } from './sojourn';

/** A few people, whose every event is handled when it comes; many at once; and as many as can be served in time. */
interface Results {
  calm: Measured;
  crowd: Measured;
  inTime: InTime;
}

export interface RunsResult {
  sides: Results[];
  text: string;
}

const warmUp: Sizes = { people: 100, arrive: { browsing: 40 }, giveUpAfterMs: 120_000 };
const calm: Sizes = { people: 40, arrive: { browsing: 20 }, giveUpAfterMs: 120_000 };
const quick = { crowd: { people: 400, arrive: { browsing: 400 }, giveUpAfterMs: 240_000 }, seconds: 40 };
const full = { crowd: { people: 2_000, arrive: { browsing: 600 }, giveUpAfterMs: 900_000 }, seconds: 60 };

export async function benchRuns(parts: Parts, options: { full: boolean; ceiling: boolean }): Promise<RunsResult> {
  const { crowd, seconds } = options.full ? full : quick;
  const started: Side[] = [];
  try {
    // Sojourn goes last, so that whatever a server loses by having worked falls on ours.
    for (const start of [startNaive, ...(options.ceiling ? [startLean] : []), startSojourn]) {
      started.push(await start(parts));
    }
    const once: Omit<Results, 'inTime'>[] = [];
    for (const side of started) {
      await measure(side, parts, `${side.name}-warm`, warmUp);
      once.push({
        calm: await measure(side, parts, `${side.name}-calm`, calm),
        crowd: await measure(side, parts, `${side.name}-crowd`, crowd),
      });
    }
    // Many trials, which a server that has worked answers more slowly each time: so in turns.
    const turn = inTurns();
    const sides = await Promise.all(
      started.map(async (side, index): Promise<Results> => {
        const measured = once[index]!; // as they were measured above
        const trial = (perSecond: number) => turn(() => tryRate(side, parts, perSecond, seconds));
        return { ...measured, inTime: await findInTime(trial, measured.crowd.runsPerSecond) };
      }),
    );
    return { sides, text: describe(sides) };
  } finally {
    for (const side of started) await side.stop();
  }
}

function tryRate(side: Side, parts: Parts, perSecond: number, seconds: number): Promise<Measured> {
  process.stderr.write(`  ${side.name}: ${perSecond} people a second\n`);
  const sizes = { people: Math.round(perSecond * seconds), arrive: { perSecond }, giveUpAfterMs: 300_000 };
  return measure(side, parts, `${side.name}-at-${perSecond}`, sizes);
}

function describe(sides: Results[]): string {
  const histories = sides.map(({ calm, crowd }) => ({
    program: calm.name,
    'history events a run': calm.eventsPerRun,
    reminded: calm.eventsOfReminded,
    bought: calm.eventsOfBuyers,
    'in the crowd': crowd.eventsPerRun,
  }));
  const inTime = sides.map(({ inTime: { perSecond, at } }) => ({
    program: at.name,
    'runs/s in time': perSecond,
    'late p50 (s)': at.lateP50,
    'late p90 (s)': at.lateP90,
    'CPU ms a run': cpu(at),
  }));
  const crowds = sides.map(({ crowd }) => ({
    program: crowd.name,
    'runs in the crowd': crowd.runs,
    seconds: crowd.seconds,
    'runs/s': crowd.runsPerSecond,
    'late p50 (s)': crowd.lateP50,
    'late p99 (s)': crowd.lateP99,
    'CPU ms a run': cpu(crowd),
  }));
  const naive = sides[0]!; // as started above
  return [
    ...[histories, inTime, crowds].flatMap((rows) => [table(rows), '']),
    ...sides.map(({ inTime: { at } }) => `CPU ms a run in time, ${at.name}: ${figures(at.cpuPerRunMs)}`),
    ...sides.map(({ crowd }) => `CPU ms a run in the crowd, ${crowd.name}: ${figures(crowd.cpuPerRunMs)}`),
    ...sides.map((side) => `Not as it should be, ${side.calm.name}: ${wrong(side)}`),
    ...sides.slice(1).flatMap((side) => ['', ...ratios(side, naive)]),
  ].join('\n');
}

/** What was aimed at is said of Sojourn; the leanest program shows how far anything of this shape could come. */
function ratios(side: Results, naive: Results): string[] {
  const { name } = side.calm;
  const compare = (what: string, value: number, aim?: Parameters<typeof ratio>[2]) =>
    ratio(`${what}, ${name} to naive`, value, name === 'Sojourn' ? aim : undefined);
  return [
    compare('history events a run', side.calm.eventsPerRun / naive.calm.eventsPerRun, { atMost: 0.6 }),
    compare('runs/s in time', side.inTime.perSecond / naive.inTime.perSecond, { atLeast: 1.5 }),
    compare('runs/s in the crowd', side.crowd.runsPerSecond / naive.crowd.runsPerSecond, { atLeast: 1.5 }),
    compare('CPU a run in the crowd', cpu(side.crowd) / cpu(naive.crowd)),
  ];
}

const cpu = ({ cpuPerRunMs }: Measured) => Object.values(cpuPerRunMs).reduce((sum, each) => sum + each, 0);
const wrong = ({ calm, crowd }: Results) => [...calm.wrong, ...crowd.wrong].join(', ') || 'nothing';
