/** What a header gives as its rule, held against what a rule is: types don't run, and the router trusts what is loaded. */
import type { Comparison } from './header';

const comparisons = new Set<unknown>(['moreThan', 'atLeast', 'lessThan', 'atMost', 'equals'] satisfies Comparison[]);
const quantities = new Set<unknown>(['cart', 'property', 'trait', 'times']);

export interface FoundInCondition {
  /** An event that the rule names. */
  event(name: string): void;
  /** It is no rule, or not a whole one. */
  unfinished(): never;
}

/** Goes through a rule and tells what it finds. */
export function checkCondition(given: unknown, found: FoundInCondition): void {
  const condition = fieldsOf(given);
  switch (condition['kind']) {
    case 'all':
    case 'any':
      if (!Array.isArray(condition['of'])) return found.unfinished();
      for (const one of condition['of']) checkCondition(one, found);
      return;
    case 'not':
      return checkCondition(condition['of'], found);
    case 'compare': {
      const of = fieldsOf(condition['of']);
      if (!quantities.has(of['kind']) || !comparisons.has(condition['is']) || !isScalar(condition['than'])) {
        return found.unfinished();
      }
      if (of['kind'] !== 'times') return;
      found.event(of['event'] as string);
      if (of['without'] !== undefined) found.event(of['without'] as string);
      return;
    }
    default:
      return found.unfinished();
  }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}
