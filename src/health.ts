/** An address of a process's own, where machines ask whether all of its roles do their work, and read its metrics. */
import { createServer } from 'node:http';
import type { Core } from './core';
import { createHealthApp, createKeys } from './http';
import { listen, readinessOf, type Troubles } from './listening';
import type { Role } from './router';
import { createTemporalClient } from './runtime/worker';

export interface HealthOptions {
  port: number;
  troubles: Troubles;
}

export async function startHealthServer(core: Core, { port, troubles }: HealthOptions): Promise<Role> {
  const { db, clock, config, metrics, secrets, log } = core;
  const temporal = createTemporalClient({ ...config.temporal, address: core.temporalAddress });
  const app = createHealthApp({
    metrics,
    keys: createKeys({ db, clock, writeKey: secrets.writeKey, secretKey: secrets.secretKey }),
    readiness: readinessOf(core, temporal, troubles),
    onError: (err, where) => log.error({ err, where }, 'A request failed'),
  });
  const server = createServer(app);
  await listen(server, port, config.host, 'SOJOURN_METRICS_PORT');
  return {
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await temporal.connection.close();
    },
  };
}
