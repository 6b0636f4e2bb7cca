/**
 * Temporal's real server on PostgreSQL for the bench, started as docker-compose.yml starts it. What production runs on:
 * a history event costs more there than on the dev server's SQLite.
 */
import { join } from 'node:path';
import { startPostgres } from '../src/embedded';
import { startTemporalCluster } from '../test/support/temporal-cluster';
import { buildTemporalServer } from '../test/support/temporal-server';

interface Started {
  address: string;
  /** To count their processor time: Temporal's and its store's. */
  pids: Record<string, number>;
  stop(): Promise<void>;
}

/** Builds the server with Go if it is not there; throws when there is no way to have it. */
export async function startTemporalOnPostgres(options: {
  dataDir: string;
  log: (line: string) => void;
}): Promise<Started> {
  const { log } = options;
  const found = await buildTemporalServer({ log });
  if ('reason' in found) throw new Error(found.reason);
  const store = await startPostgres({ dataDir: join(options.dataDir, 'temporal-store'), log });
  try {
    const cluster = await startTemporalCluster({ postgresUrl: store.url, log });
    return {
      address: cluster.address,
      pids: { temporal: cluster.server.pid, "temporal's PostgreSQL": store.pid() ?? 0 },
      async stop() {
        await cluster.stop();
        await store.stop();
      },
    };
  } catch (error) {
    await store.stop();
    throw error;
  }
}
