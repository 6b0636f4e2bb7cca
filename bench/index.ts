/**
 * `npm run bench`: Sojourn against programs that a reader can run, on the same parts in one go. Quick unless `--full`;
 * `--only runs` or `--only accept` for one of the two; `--json FILE` keeps the figures.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { benchAccept, type AcceptResult } from './accept';
import { startParts } from './parts';
import { machine } from './report';
import { benchRuns, type RunsResult } from './runs';

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
    json: { type: 'string' },
  },
});
const wants = (name: 'runs' | 'accept') => values.only === undefined || values.only === name;
if (!wants('runs') && !wants('accept')) throw new Error(`--only ${values.only}: say runs or accept.`);

console.log(`Sojourn's benches (${values.full ? 'full' : 'quick'}): ${machine()}`);
const starting = startParts();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  const stop = async () => (await starting).stop();
  process.once(signal, () => void stop().finally(() => process.exit(130)));
}
const parts = await starting;
const results: { runs?: RunsResult; accept?: AcceptResult } = {};
try {
  if (wants('runs')) {
    console.log(
      '\nRuns: one add_to_cart, four more events 2 s apart, three of ten buy in time, the others are reminded\n',
    );
    results.runs = await benchRuns(parts, values);
    console.log(results.runs.text);
  }
  if (wants('accept')) {
    console.log('\nAccept: POST /v1/track over 64 kept-alive connections, each waiting for its answer\n');
    results.accept = await benchAccept(parts, values);
    console.log(results.accept.text);
  }
} finally {
  await parts.stop();
}
console.log('\nThe load generator runs on the same cores. What is not measured: bench/README.md');
if (values.json) await writeFile(values.json, JSON.stringify({ machine: machine(), ...results }, undefined, 2));
