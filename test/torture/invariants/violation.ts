import type { Facts } from '../facts';

/** What is not as it was promised. */
export interface Violation {
  promise: string;
  what: string;
  /** Sojourn's id of the person whose story tells more. */
  person?: string;
}

export type Invariant = (facts: Facts) => Violation[];
