import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { RetryLater } from '../../src/errors';
import type { HeaderInput } from '../../src/journey';
import {
  connectWorkers,
  createTemporalClient,
  createTemporalStarter,
  createWorkerSet,
  knownAttributes,
} from '../../src/runtime/worker';
import { freshDatabase, ownTemporal, scratchFolder, until } from '../support';
import { bundleOf, openRig, quiet, requestOf, sourceOf, startOf, toldEvent } from './rig';

const header: HeaderInput = { on: 'begun', hears: ['nodded'] };
const waiting = {
  waiting: sourceOf('waiting', header, `await j.waitFor('nodded', { within: '1 hour' }); await j.send('thanks', {});`),
};

test('a Temporal server that is killed and comes back finds its workers', async () => {
  const [server, database, bundle] = await Promise.all([ownTemporal(), freshDatabase(), bundleOf(waiting)]);
  const { address, namespace } = server;
  const client = createTemporalClient({ address, namespace });
  const connection = await connectWorkers({ address, namespace }, { log: quiet });
  const known = await knownAttributes(client);
  const reports: string[] = [];
  const answer = { value: null };
  const set = await createWorkerSet({
    ...{ connection, client, namespace, bundle, knownAttributes: known, db: database.db, log: quiet },
    clock: { now: Date.now },
    reviewEveryMs: 1_000,
    ops: ({ workflowId }) => ({
      report: async () => (reports.push(workflowId), answer),
      lastActive: async () => answer,
      catchUp: async () => ({ value: [] }),
      check: async () => answer,
      assign: async () => ({ value: 'a' }),
      update: async () => answer,
      emit: async () => answer,
      finish: async () => answer,
      send: async (_, { stepKey }) => ({ value: { status: 'sent', id: stepKey } }),
      acceptSignal: async () => ({}),
      adoptStart: async () => ({ refused: 'no' }),
      giveUp: async () => ({ value: { status: 'failed', id: '', reason: 'no' } }),
    }),
  });
  try {
    await set.ready;
    const starter = createTemporalStarter({ client, taskQueue: 'sojourn', knownAttributes: known });
    const before = startOf('waiting', header);
    const { workflowId } = requestOf(before);
    await starter.start(requestOf(before));
    await until(() => reports.includes(workflowId));

    await server.kill();
    const signal = { run: before.run.id, items: [toldEvent(5, 'nodded')] };
    await expect(starter.tell({ workflowId, signal })).rejects.toThrow(RetryLater);
    await server.start();

    await until(() => starter.tell({ workflowId, signal }).then((said) => said === 'told'));
    expect(await client.workflow.getHandle(workflowId).result()).toEqual({ outcome: 'completed' });
    const after = requestOf(startOf('waiting', header));
    expect((await starter.start(after)).status).toBe('started');
    await until(() => reports.includes(after.workflowId));
  } finally {
    await set.stop();
    await connection.close();
    await client.connection.close();
    await server.stop();
    await database.drop();
  }
});

test('runs of a worker process that is killed go on in the next one', async () => {
  const rig = await openRig();
  const folder = await scratchFolder();
  const sends = path.join(folder, 'sends');
  await writeFile(sends, '');
  const bundle = await bundleOf(waiting);
  await writeFile(path.join(folder, 'bundle.json'), JSON.stringify(bundle));
  const begin = async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'test/temporal/worker-process.ts'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, WORKER_FOLDER: folder, WORKER_DATABASE: rig.databaseUrl, ...rig.temporal },
    });
    await once(child.stdout, 'data'); // it says that it is ready
    return child;
  };
  const kill = async (child: Awaited<ReturnType<typeof begin>>) => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const first = await begin();
  let second: typeof first | undefined;
  try {
    const runs = Array.from({ length: 10 }, () => startOf('waiting', header));
    await Promise.all(runs.map((start) => rig.starter.start(requestOf(start))));
    const handles = runs.map((start) => rig.client.workflow.getHandle(requestOf(start).workflowId));
    await until(async () =>
      (await Promise.all(handles.map((one) => one.describe()))).every((one) => one.historyLength > 4),
    );
    await kill(first);
    for (const start of runs) {
      const signal = { run: start.run.id, items: [toldEvent(5, 'nodded')] };
      expect(await rig.starter.tell({ workflowId: requestOf(start).workflowId, signal })).toBe('told');
    }
    second = await begin();
    const results = await Promise.all(handles.map((handle) => handle.result()));
    expect(results).toEqual(runs.map(() => ({ outcome: 'completed' })));
    const lines = (await readFile(sends, 'utf8')).trim().split('\n');
    expect(lines.sort()).toEqual(runs.map(({ run }) => `waiting/${run.key}/1/send thanks`).sort());
  } finally {
    await kill(second ?? first);
    await rig.close();
  }
});
