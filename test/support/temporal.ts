/** Temporal for tests: a namespace of one's own on the shared dev server, a server of one's own to kill, skipped time. */
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { randomBytes } from 'node:crypto';
import {
  addSearchAttributes,
  findTemporalCli,
  findTimeSkippingServer,
  startTemporal as startServer,
  type FoundTimeSkipping,
} from '../../src/embedded';
import { killAndWait } from './kill';
import { testLog } from './parts-host';
import type { OwnPart } from './postgres';
import { makeScratch, removeScratch } from './run-folder';
import { sharedTemporal } from './shared-parts';
import { until } from './until';

/** The shared dev server, started if it is not up yet. */
export async function startTemporal(): Promise<{ address: string; uiUrl: string }> {
  return sharedTemporal();
}

/** A namespace of its own on the shared server, with Sojourn's search attributes, ready for workers and clients. */
export async function freshNamespace(): Promise<{ address: string; namespace: string }> {
  const { address } = await sharedTemporal();
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  const connection = await Connection.connect({ address });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs('1 day'),
    });
    // The server caches its list of namespaces: it is ready when it knows the new one in each of its services.
    await until(() => addSearchAttributes(connection, namespace).then(() => true), { what: `namespace ${namespace}` });
    await until(() => isKnown(connection, namespace), { what: `namespace ${namespace}` });
  } finally {
    await connection.close();
  }
  return { address, namespace };
}

async function isKnown(connection: Connection, namespace: string): Promise<boolean> {
  await connection.workflowService.listWorkflowExecutions({ namespace, query: `SojournJourney = 'none'` });
  return true;
}

export interface OwnTemporal extends OwnPart {
  address: string;
  uiUrl: string;
  namespace: string;
}

/** A dev server of its own, as a stack has it. */
export async function ownTemporal(): Promise<OwnTemporal> {
  const { path } = await findTemporalCli({ log: testLog });
  const dataDir = await makeScratch('temporal');
  const options = { cli: path, dataDir, log: testLog, anyPort: true, restart: false };
  let server: Awaited<ReturnType<typeof startServer>> | undefined = await startServer(options);
  const { address, uiUrl, namespace } = server;
  const port = Number(address.split(':')[1]);
  const uiPort = Number(new URL(uiUrl).port);
  return {
    address,
    url: address,
    uiUrl,
    namespace,
    port,
    pid: () => server?.pid(),
    kill: async () => {
      await killAndWait(server);
      server = undefined;
    },
    start: async () => {
      server ??= await startServer({ ...options, port, uiPort });
    },
    stop: async () => {
      await server?.stop();
      server = undefined;
      await removeScratch(dataDir);
    },
  };
}

/** The path of the time-skipping server, or why it can't be had. */
export async function timeSkippingServer(): Promise<FoundTimeSkipping> {
  return findTimeSkippingServer({ log: testLog });
}
