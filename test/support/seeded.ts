/** Random choices that a seed repeats. Each actor forks its own, so that one's choices don't depend on another's pace. */
import { seeded as numbers } from '../../src/demo/shopper-plan';

export interface Seeded {
  /** From 0 up to, and without, 1. */
  next(): number;
  /** A whole number from 0 up to, and without, `n`. */
  below(n: number): number;
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  fork(name: string): Seeded;
}

export function seeded(seed: number): Seeded {
  const next = numbers(seed);
  const below = (n: number) => Math.floor(next() * n);
  return {
    next,
    below,
    between: (least, most) => least + next() * (most - least),
    chance: (probability) => next() < probability,
    pick: (from) => from[below(from.length)]!, // never asked of nothing
    fork: (name) =>
      seeded([...name].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), seed ^ 0x9e3779b9)),
  };
}
