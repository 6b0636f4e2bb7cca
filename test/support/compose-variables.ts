/** A `.env` made from `.env.example`, as its reader makes one: what is left empty there is filled in. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Name to value as the example has them; empty where the reader is to choose. */
export function exampleVariables(): Record<string, string> {
  const lines = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => /^\w+=/.test(line));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** May be left empty, by what the example says of them. */
export const optional = ['SMTP_URL', 'SOJOURN_ALLOWED_HOSTS', 'SOJOURN_TRUST_PROXY'];

export function filledIn(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(exampleVariables()).map(([name, value]) => [
      name,
      value || (optional.includes(name) ? '' : randomBytes(24).toString('hex')),
    ]),
  );
}
