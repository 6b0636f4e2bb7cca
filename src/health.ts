/** The address of a process without the API, where machines ask whether it is there and read its metrics. */
import { createServer } from 'node:http';
import { sql } from 'kysely';
import type { Core } from './core';
import { needPort } from './embedded';
import { createHealthApp, createKeys } from './http';
import type { Role } from './router';
import { createTemporalClient } from './runtime/worker';

export interface HealthOptions {
  port: number;
  /** Of a process with a worker: whether it takes new runs by now. */
  takesRuns?: () => boolean;
}

const readinessMs = 2_000;

export async function startHealthServer(core: Core, { port, takesRuns }: HealthOptions): Promise<Role> {
  const { db, clock, config, metrics, secrets, log } = core;
  const temporal = createTemporalClient({ ...config.temporal, address: core.temporalAddress });
  const app = createHealthApp({
    metrics,
    keys: createKeys({ db, clock, writeKey: secrets.writeKey, secretKey: secrets.secretKey }),
    readiness: {
      postgres: () => sql`select 1`.execute(db),
      temporal: () => temporal.withDeadline(Date.now() + readinessMs, () => temporal.workflowService.getSystemInfo({})),
      ...(takesRuns && {
        worker: () => (takesRuns() ? Promise.resolve() : Promise.reject(new Error('it takes no new runs yet'))),
      }),
    },
    onError: (err, where) => log.error({ err, where }, 'A request failed'),
  });
  await needPort(port, config.host, 'SOJOURN_METRICS_PORT');
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, config.host, resolve));
  return {
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await temporal.connection.close();
    },
  };
}
