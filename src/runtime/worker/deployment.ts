/** Which version of our code Temporal gives new runs to, and which older ones still have runs. */
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { sql } from 'kysely';
import type { Db } from '../../db';
import { reachingTemporal } from './unreachable';

const { VERSION_DRAINAGE_STATUS_DRAINED } = proto.temporal.api.enums.v1.VersionDrainageStatus;

export interface Deployment {
  client: Client;
  namespace: string;
  deploymentName: string;
}

/** Fails until the server has seen the version's worker poll, which takes a moment after it is up. */
export async function setCurrent({ client, namespace, deploymentName }: Deployment, version: string): Promise<void> {
  await reachingTemporal(client, () =>
    client.workflowService.setWorkerDeploymentCurrentVersion({
      namespace,
      deploymentName,
      buildId: version,
      identity: client.options.identity,
      // Queues that only an older version served are none of ours.
      ignoreMissingTaskQueues: true,
    }),
  );
}

/** The version that new runs start on. */
export async function currentVersion({ client, namespace, deploymentName }: Deployment): Promise<string | undefined> {
  const info = await describe({ client, namespace, deploymentName });
  return info?.routingConfig?.currentDeploymentVersion?.buildId ?? undefined;
}

/** Older versions that pinned runs may still be on, as Temporal sees it (some minutes late). */
export async function undrainedVersions(deployment: Deployment): Promise<string[]> {
  const info = await describe(deployment);
  return (info?.versionSummaries ?? [])
    .filter((summary) => summary.drainageStatus !== VERSION_DRAINAGE_STATUS_DRAINED && summary.firstActivationTime)
    .flatMap((summary) => summary.deploymentVersion?.buildId ?? []);
}

/** Versions of the live runs of journeys that stay on the code they started with, as the store knows them. */
export async function versionsOfLiveRuns(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('runs')
    .select('version')
    .distinct()
    .where('state', '=', 'live')
    .where('version', 'is not', null)
    .where(sql<string>`header ->> 'versions'`, 'is distinct from', 'follow')
    .execute();
  return rows.flatMap(({ version }) => version ?? []);
}

/** Whether such a run is live on this version: asked of one version, it need not read them all. */
export async function hasLiveRuns(db: Db, version: string): Promise<boolean> {
  const row = await db
    .selectFrom('runs')
    .select('id')
    .where('state', '=', 'live')
    .where('version', '=', version)
    .where(sql<string>`header ->> 'versions'`, 'is distinct from', 'follow')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** How many open executions are pinned to a version, the store's or not: visibility counts them. */
export async function countPinned({ client, deploymentName }: Deployment, version: string): Promise<number> {
  const query =
    `ExecutionStatus = 'Running' AND TemporalWorkflowVersioningBehavior = 'Pinned' ` +
    `AND TemporalWorkerDeploymentVersion = '${deploymentName}:${version}'`;
  const { count } = await reachingTemporal(client, () => client.workflow.count(query));
  return count;
}

async function describe({ client, namespace, deploymentName }: Deployment) {
  try {
    const answer = await reachingTemporal(client, () =>
      client.workflowService.describeWorkerDeployment({ namespace, deploymentName }),
    );
    return answer.workerDeploymentInfo;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 5) return undefined; // gRPC: not found, so none yet
    throw error;
  }
}
