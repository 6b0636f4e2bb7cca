/**
 * An error as it may be written down: what kind, where in the code, and its words without what libraries quote in
 * them. PostgreSQL repeats the row that it refused, a mail server the address that it does not know.
 */
import { masked } from './mask';

export interface SafeError {
  type: string;
  code?: string | number;
  message: string;
  /** Where in the code, without the message that usually stands above it. */
  stack?: string;
  cause?: SafeError;
  /** Of PostgreSQL: which table, column and rule. */
  table?: string;
  column?: string;
  constraint?: string;
}

const deepest = 4;
const longestMessage = 500;

export function safeError(error: unknown, depth = 0): SafeError {
  if (!(error instanceof Error)) return { type: typeof error, message: masked(textOf(error)).slice(0, longestMessage) };
  const { code, table, column, constraint } = error as Partial<Record<keyof SafeError, unknown>>;
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error.cause;
  return {
    type: error.name,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    message: masked(wordsOf(error)).slice(0, longestMessage),
    ...(typeof table === 'string' && { table }),
    ...(typeof column === 'string' && { column }),
    ...(typeof constraint === 'string' && { constraint }),
    ...(error.stack !== undefined && { stack: framesOf(error.stack) }),
    ...(cause !== undefined && depth < deepest && { cause: safeError(cause, depth + 1) }),
  };
}

function wordsOf(error: Error): string {
  const { responseCode } = error as { responseCode?: unknown };
  // nodemailer: the rest is the server's own words, which name the mailbox.
  if (typeof responseCode === 'number') return `the mail server answered ${responseCode}`;
  // node-postgres: a value stands in quotes after a colon, names of tables and columns stand in quotes before it.
  if ('severity' in error) return error.message.replace(/: ".*$/s, ': …');
  return error.message;
}

function framesOf(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'something that is no error';
}
