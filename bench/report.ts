/** What the bench prints: tables, ratios, and the machine they were measured on. */
import { cpus, totalmem } from 'node:os';

export type Row = Record<string, string | number>;

/** A table in plain text that is a table in Markdown too; numbers stand to the right. */
export function table(rows: Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cell = (value: string | number | undefined) => (typeof value === 'number' ? figure(value) : (value ?? ''));
  const width = (name: string) => Math.max(name.length, ...rows.map((row) => cell(row[name]).length));
  const isNumber = (name: string) => rows.some((row) => typeof row[name] === 'number');
  const pad = (text: string, name: string) => (isNumber(name) ? text.padStart(width(name)) : text.padEnd(width(name)));
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(names.map((name) => pad(name, name))),
    line(names.map((name) => (isNumber(name) ? `${'-'.repeat(width(name) - 1)}:` : '-'.repeat(width(name))))),
    ...rows.map((row) => line(names.map((name) => pad(cell(row[name]), name)))),
  ].join('\n');
}

/** Three significant digits are all that a bench of this kind can vouch for. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const rounded = Number(value.toPrecision(3));
  return rounded >= 1000 ? rounded.toLocaleString('en-US') : String(rounded);
}

/** In one line: `api 6.8, worker 24.6`. */
export const figures = (of: Record<string, number>): string =>
  Object.entries(of)
    .map(([name, value]) => `${name} ${figure(value)}`)
    .join(', ');

/** One line: a ratio; and, where something was aimed at, what, and whether it was reached. */
export function ratio(what: string, value: number, aim?: { atLeast: number } | { atMost: number }): string {
  if (!aim) return `${what}: ${value.toFixed(2)}`;
  const reached = 'atLeast' in aim ? value >= aim.atLeast : value <= aim.atMost;
  const wanted = 'atLeast' in aim ? `at least ${aim.atLeast}` : `at most ${aim.atMost}`;
  return `${what}: ${value.toFixed(2)} (aim: ${wanted}; ${reached ? 'reached' : 'NOT reached'})`;
}

export function machine(): string {
  const all = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${all.length} cores (${all[0]?.model.trim() ?? 'unknown'}), ${memory} GB, Node ${process.version}, ${process.platform}`;
}
