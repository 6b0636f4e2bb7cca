/** `npm run torture -- --minutes 10 --seed 7`: the torture by hand. Ends with 1 when a promise was broken. */
import { parseArgs } from 'node:util';
import { torture } from './torture';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string' },
    people: { type: 'string', default: '30' },
    deploys: { type: 'string', default: '1' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
const { violations, counts, stories } = await torture({
  seed,
  seconds: Number(values.minutes) * 60,
  deploys: Number(values.deploys),
  people: Number(values.people),
  pace: { everyMs: 15_000, longHangs: true },
  calmWithinMs: 10 * 60_000,
  signal: interrupted.signal,
  log: (line) => console.log(`${new Date().toISOString()} ${line}`),
});
for (const one of stories) console.log(`\n${one}`);
console.log(`\n${JSON.stringify(counts)}`);
for (const { promise, what, person } of violations)
  console.log(`${promise} ${what}${person ? ` (person ${person})` : ''}`);
console.log(`Seed ${seed}: ${violations.length === 0 ? 'all promises held' : `${violations.length} violations`}`);
process.exit(violations.length === 0 ? 0 : 1);
