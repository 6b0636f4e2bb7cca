import { SojournError } from '../errors';

/** A part (PostgreSQL, Temporal, the inbox …) can't be had or does not start: what is wrong, and what to do. */
export class PartError extends SojournError {
  readonly code = 'part_unavailable';
  constructor(
    readonly part: string,
    readonly what: string,
    readonly remedy: string,
  ) {
    super(`${part}: ${what}. ${remedy}`);
  }
}

/** Where progress goes: one line at a time, for people. */
export type Log = (line: string) => void;
