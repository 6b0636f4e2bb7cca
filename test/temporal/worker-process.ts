/** A worker set in a process of its own, to be killed: its sends are lines in a file. */
import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openDatabase } from '../../src/db';
import { type Bundle, connectWorkers, createTemporalClient, createWorkerSet } from '../../src/runtime/worker';
import { quiet } from './rig';

const {
  WORKER_FOLDER: folder = '',
  WORKER_DATABASE: url = '',
  WORKER_ADDRESS = '',
  WORKER_NAMESPACE = '',
} = process.env;
const where = { address: WORKER_ADDRESS, namespace: WORKER_NAMESPACE };
const answer = { value: null };

const set = await createWorkerSet({
  client: createTemporalClient(where),
  connection: await connectWorkers(where, { log: quiet }),
  namespace: where.namespace,
  db: openDatabase({ url, maxConnections: 2 }),
  bundle: JSON.parse(readFileSync(path.join(folder, 'bundle.json'), 'utf8')) as Bundle,
  knownAttributes: new Set(),
  clock: { now: Date.now },
  log: quiet,
  ops: () => ({
    report: async () => answer,
    lastActive: async () => answer,
    catchUp: async () => ({ value: [] }),
    check: async () => answer,
    assign: async () => ({ value: 'a' }),
    update: async () => answer,
    emit: async () => answer,
    finish: async () => answer,
    send: async (_, { stepKey }) => {
      appendFileSync(path.join(folder, 'sends'), `${stepKey}\n`);
      return { value: { status: 'sent', id: stepKey } };
    },
    acceptSignal: async () => ({}),
    adoptStart: async () => ({ refused: 'no' }),
    giveUp: async () => ({ value: { status: 'failed', id: '', reason: 'no' } }),
  }),
});
await set.ready;
console.log('ready');
