/**
 * Whether one group does better than another, said no more surely than the counts allow: a two-sided z-test of two
 * proportions with a pooled share, and silence below a number of people for which it holds.
 */
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
/** Of the normal distribution: 95 of 100 differences by chance are smaller. */
const z95 = 1.96;

export function lift(of: Group, against: Group): Lift {
  const goals = of.goals + against.goals;
  if (of.runs < fewestRuns || against.runs < fewestRuns || goals < fewestGoals) {
    return { kind: 'too-few', need: fewestRuns };
  }
  const [a, b] = [of.goals / of.runs, against.goals / against.runs];
  const pooled = goals / (of.runs + against.runs);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / of.runs + 1 / against.runs));
  const points = (a - b) * 100;
  if (deviation === 0 || Math.abs(a - b) / deviation < z95) return { kind: 'no-difference', points };
  return { kind: 'difference', points, better: points > 0 };
}

export function liftInWords(found: Lift): string {
  if (found.kind === 'too-few') {
    return `Too few to say: a comparison needs ${found.need} runs in each group, and ${fewestGoals} goals.`;
  }
  const points = `${found.points >= 0 ? '+' : '−'}${Math.abs(found.points).toFixed(1)} points`;
  if (found.kind === 'no-difference') return `${points}: no more than chance makes.`;
  return `${points}: ${found.better ? 'better' : 'worse'}, and more than chance makes (95%).`;
}
