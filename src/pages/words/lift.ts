/**
 * Whether one group does better than another, said no more surely than the counts allow: a two-sided z-test of two
 * proportions with a pooled share, corrected for how many pairs there are, and silence below a number of people for which
 * it holds. Only runs whose time for the goal is over are compared: the others may still reach it.
 */
import type { JourneyAnswer } from '../api/answers';
import { plural } from './numbers';

type VariantCount = JourneyAnswer['variants'][number];

export interface Group {
  runs: number;
  goals: number;
}

export type Lift =
  | { kind: 'too-few'; need: number }
  | { kind: 'no-difference'; points: number }
  | { kind: 'difference'; points: number; better: boolean };

/** Each group needs that many, and both together that many goals: below it the normal approximation is no guide. */
export const fewestRuns = 100;
export const fewestGoals = 10;
/** How often chance alone may make a difference out of any pair. */
const chance = 0.05;

/** `pairs`: of which this one was picked (Bonferroni). */
export function lift(of: Group, against: Group, pairs = 1): Lift {
  const goals = of.goals + against.goals;
  if (of.runs < fewestRuns || against.runs < fewestRuns || goals < fewestGoals) {
    return { kind: 'too-few', need: fewestRuns };
  }
  const [a, b] = [of.goals / of.runs, against.goals / against.runs];
  const pooled = goals / (of.runs + against.runs);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / of.runs + 1 / against.runs));
  const points = (a - b) * 100;
  if (deviation === 0 || byChance(Math.abs(a - b) / deviation) >= chance / pairs) {
    return { kind: 'no-difference', points };
  }
  return { kind: 'difference', points, better: points > 0 };
}

/** How often chance makes a difference of that many standard deviations or more (Abramowitz and Stegun 26.2.17). */
function byChance(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 2 * series * (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI));
}

export function liftInWords(found: Lift): string {
  if (found.kind === 'too-few') {
    return `Too few to say: a comparison needs ${found.need} runs in each group, and ${fewestGoals} goals.`;
  }
  const points = `${found.points >= 0 ? '+' : '−'}${Math.abs(found.points).toFixed(1)} points`;
  if (found.kind === 'no-difference') return `${points}: no more than chance makes.`;
  return `${points}: ${found.better ? 'better' : 'worse'}, and more than chance makes (95%).`;
}

export interface Comparison {
  of: string;
  against: string;
  lift: Lift;
  /** Runs in their time still, of all variants. */
  stillOpen: number;
}

/**
 * The best of an experiment's variants against those held out, else against the one named `control`, else against the
 * next best. Of two that do the same the first by name counts as better, so the order of the rows says nothing.
 */
export function comparisonOf(rows: VariantCount[]): Comparison | undefined {
  const share = ({ settled: { runs, goals } }: VariantCount) => (runs === 0 ? 0 : goals / runs);
  const ranked = [...rows].sort((a, b) => share(b) - share(a) || (a.variant < b.variant ? -1 : 1));
  const baseline = ranked.find(isBaseline('held out')) ?? ranked.find(isBaseline('control')) ?? ranked[1];
  const best = ranked.find((row) => row !== baseline);
  if (!best || !baseline) return undefined;
  const pairs = (rows.length * (rows.length - 1)) / 2;
  return {
    of: best.variant,
    against: baseline.variant,
    lift: lift(best.settled, baseline.settled, pairs),
    stillOpen: rows.reduce((sum, { stillOpen }) => sum + stillOpen, 0),
  };
}

const isBaseline =
  (name: string) =>
  ({ variant }: VariantCount): boolean =>
    variant === name;

/** `time`: how long a run may take to the goal, in words. */
export function comparisonInWords({ lift: found, stillOpen }: Comparison, time: string): string {
  if (stillOpen === 0) return liftInWords(found);
  const open = `${plural(stillOpen, 'run is', 'runs are')} still in their time of ${time}`;
  if (found.kind !== 'too-few') return `${liftInWords(found)} Compared are runs whose time is over; ${open}.`;
  return `Too early to say: ${open}. A comparison needs ${found.need} in each group whose time is over, and ${fewestGoals} goals.`;
}
