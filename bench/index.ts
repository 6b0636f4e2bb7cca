/**
 * `npm run bench`: Sojourn against programs that a reader can run, on the same parts in one go. Quick unless `--full`;
 * `--only runs` or `--only accept` for one of the two; `--ceiling` measures the leanest program as well; `--json FILE`
 * keeps the figures. `--temporal postgres` has Temporal's real server on PostgreSQL in place of its dev server.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { benchAccept, type AcceptResult } from './accept';
import { stopPrograms } from './child';
import { startParts, temporals } from './parts';
import { machine } from './report';
import { benchRuns, type RunsResult } from './runs';

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
    ceiling: { type: 'boolean', default: false },
    temporal: { type: 'string', default: 'dev' },
    json: { type: 'string' },
  },
});
const wants = (name: 'runs' | 'accept') => values.only === undefined || values.only === name;
if (!wants('runs') && !wants('accept')) throw new Error(`--only ${values.only}: say runs or accept.`);

const temporal = temporals.find((each) => each === values.temporal);
if (!temporal) throw new Error(`--temporal ${values.temporal}: say ${temporals.join(' or ')}.`);

console.log(`Sojourn's benches (${values.full ? 'full' : 'quick'}): ${machine()}, Temporal: ${temporal}`);
const starting = startParts(temporal);
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void interrupt());

/** Programs first, then what they stand on; what the measurement says of that is of no interest. */
async function interrupt(): Promise<void> {
  interrupted = true;
  const parts = await starting.catch(() => undefined);
  await stopPrograms();
  await parts?.stop();
  process.exit(130);
}

async function run(): Promise<void> {
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
    if (!interrupted) await parts.stop();
  }
  console.log('\nThe load generator runs on the same cores. What is not measured: bench/README.md');
  if (values.json) await writeFile(values.json, JSON.stringify({ machine: machine(), ...results }, undefined, 2));
}

process.on('unhandledRejection', (error) => {
  if (!interrupted) throw error;
});
await run().catch((error: unknown) => {
  if (!interrupted) throw error;
});
