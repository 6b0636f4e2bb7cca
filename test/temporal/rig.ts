/**
 * Everything between a starter and a run, for tests: journeys written to a folder, bundled, and served by a real worker
 * set on a namespace of its own. The operations that runs call are the test's: it says what they answer, and sees what
 * was asked.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { Db } from '../../src/db';
import { loadHeader, type HeaderInput, type Ops, type StartArgs, type Told, type Waiting } from '../../src/journey';
import {
  type At,
  type BuildOptions,
  type Bundle,
  type ExternalOps,
  type Log,
  type TemporalStarter,
  type WorkerSetParts,
  type WorkerSet,
  buildBundle,
  connectWorkers,
  createTemporalClient,
  createTemporalStarter,
  createWorkerSet,
  knownAttributes,
} from '../../src/runtime/worker';
import { freshDatabase, freshNamespace } from '../support';

export const quiet: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
function nothing(): void {}

type AllOps = Ops & ExternalOps;
export type OpName = keyof AllOps;
export interface Asked {
  op: OpName;
  at: At;
  args: unknown[];
}
/** Says what one operation answers; what is left out answers as if nothing were the matter. */
export type Answers = { [N in OpName]?: (at: At, ...args: Parameters<AllOps[N]>) => ReturnType<AllOps[N]> };

export const sourceOf = (id: string, header: HeaderInput, body: string) =>
  [
    `import { createJourney } from '${path.resolve('src/journey/index.ts')}';`,
    `export default createJourney()('${id}', ${JSON.stringify(header)}, async (j) => {${body}});`,
  ].join('\n');

/** Of bodies by journey id, under one header. */
export const sourcesOf = (header: HeaderInput, bodies: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(bodies).map(([id, body]) => [id, sourceOf(id, header, body)]));

/** Writes `workflows/` with these files, by journey id, and bundles it. */
export async function bundleOf(
  sources: Record<string, string>,
  options: Pick<BuildOptions, 'limits'> = {},
): Promise<Bundle> {
  const contentDir = await mkdtemp(path.join(tmpdir(), 'sojourn-content-'));
  try {
    await writeContent(contentDir, sources);
    return await buildBundle({ contentDir, ...options });
  } finally {
    await rm(contentDir, { recursive: true });
  }
}

export async function writeContent(contentDir: string, sources: Record<string, string>): Promise<void> {
  await mkdir(path.join(contentDir, 'workflows'), { recursive: true });
  for (const [id, source] of Object.entries(sources)) {
    await writeFile(path.join(contentDir, 'workflows', `${id}.ts`), source);
  }
}

export interface Rig {
  client: Client;
  starter: TemporalStarter;
  db: Db;
  /** For processes of their own. */
  databaseUrl: string;
  temporal: { WORKER_ADDRESS: string; WORKER_NAMESPACE: string };
  asked: Asked[];
  askedFor(op: OpName, workflowId?: string): Asked[];
  serve(bundle: Bundle, answers?: Answers, limits?: WorkerSetParts['limits']): Promise<WorkerSet>;
  close(): Promise<void>;
}

export async function openRig(): Promise<Rig> {
  const [{ address, namespace }, database] = await Promise.all([freshNamespace(), freshDatabase()]);
  const client = createTemporalClient({ address, namespace });
  const known = await knownAttributes(client);
  const connection: NativeConnection = await connectWorkers({ address, namespace }, { log: quiet });
  const sets: WorkerSet[] = [];
  const asked: Asked[] = [];

  const ops = (answers: Answers) => (at: At) =>
    new Proxy({} as AllOps, {
      get:
        (_, op: OpName) =>
        async (...args: unknown[]) => {
          asked.push({ op, at, args });
          if (op === 'report') await keepVersion(database.db, at);
          const answer = answers[op] as ((at: At, ...args: unknown[]) => Promise<unknown>) | undefined;
          if (answer) return await answer(at, ...args);
          if (op === 'send') return { value: { status: 'sent', id: (args[1] as { stepKey: string }).stepKey } };
          if (op === 'report') return { value: { until: (args[1] as { waiting?: Waiting }).waiting?.until } };
          return { value: op === 'catchUp' ? [] : null };
        },
    });

  return {
    client,
    starter: createTemporalStarter({ client, taskQueue: 'sojourn', knownAttributes: known }),
    db: database.db,
    databaseUrl: database.url,
    temporal: { WORKER_ADDRESS: address, WORKER_NAMESPACE: namespace },
    asked,
    askedFor: (op, workflowId) =>
      asked.filter((one) => one.op === op && (!workflowId || one.at.workflowId === workflowId)),
    async serve(bundle, answers = {}, limits) {
      const set = await createWorkerSet({
        ...{ connection, client, namespace, bundle, knownAttributes: known, limits },
        db: database.db,
        ops: ops(answers),
        log: quiet,
        clock: { now: Date.now },
        reviewEveryMs: 500,
      });
      sets.push(set);
      await set.ready;
      return set;
    },
    async close() {
      await Promise.all(sets.map((set) => set.stop()));
      await connection.close();
      await client.connection.close();
      await database.drop();
    },
  };
}

/** As `report` does: the store knows which code a run is on. */
async function keepVersion(db: Db, { workflowId, version, temporalRunId }: At): Promise<void> {
  await db
    .updateTable('runs')
    .set({ version, temporal_run_id: temporalRunId })
    .where('workflow_id', '=', workflowId)
    .execute();
}

let runs = 0;
/** What the router would start a run with. */
export function startOf(journey: string, input: HeaderInput, person = `p${++runs}`): StartArgs {
  const now = Date.now();
  const id = String(++runs);
  return {
    sojourn: 1,
    run: { id, number: 1, journey, key: person, personId: '7' },
    header: loadHeader(journey, input),
    event: { id: `e${id}`, name: 'begun', properties: {}, at: now, acceptedAt: now },
    person: { id: '7', traits: {} },
    startedAt: now,
    clock: { epoch: now, scale: 1 },
  };
}

export const requestOf = (start: StartArgs) => ({
  workflowId: `${start.run.journey}/${start.run.key}`,
  journey: start.run.journey,
  start,
  personId: start.run.personId,
  runId: start.run.id,
});

export function toldEvent(n: number, name: string, properties: Record<string, unknown> = {}): Told {
  const at = Date.now();
  return { n, kind: 'event', event: { id: `told-${n}`, name, properties, at, acceptedAt: at } };
}

export async function insertRun(db: Db, start: StartArgs): Promise<void> {
  await db
    .insertInto('runs')
    .values({
      id: start.run.id,
      journey: start.run.journey,
      person_id: '7',
      key: start.run.key,
      workflow_id: requestOf(start).workflowId,
      number: '1',
      state: 'live',
      header: JSON.stringify(start.header),
      trigger: JSON.stringify(start.event),
      trigger_event_id: null,
      holdout: false,
      mode: 'live',
      version: null,
      temporal_run_id: null,
      outcome: null,
      reason: null,
      started_at: new Date(start.startedAt),
      reported_at: null,
      ended_at: null,
      end_number: null,
    })
    .execute();
}

export const endRun = (db: Db, start: StartArgs) =>
  db.updateTable('runs').set({ state: 'ended' }).where('id', '=', start.run.id).execute();
