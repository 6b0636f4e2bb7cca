/** The address of a process without the API, where machines ask whether it is there and read its metrics. */
import { createServer } from 'node:http';
import type { Core } from './core';
import { createHealthApp, createKeys } from './http';
import { listen, readinessOf } from './listening';
import type { Role } from './router';
import { createTemporalClient } from './runtime/worker';

export interface HealthOptions {
  port: number;
  /** Of a process with a worker: whether it takes new runs by now. */
  takesRuns?: () => boolean;
}

export async function startHealthServer(core: Core, { port, takesRuns }: HealthOptions): Promise<Role> {
  const { db, clock, config, metrics, secrets, log } = core;
  const temporal = createTemporalClient({ ...config.temporal, address: core.temporalAddress });
  const app = createHealthApp({
    metrics,
    keys: createKeys({ db, clock, writeKey: secrets.writeKey, secretKey: secrets.secretKey }),
    readiness: {
      ...readinessOf(core, temporal),
      ...(takesRuns && {
        worker: () => (takesRuns() ? Promise.resolve() : Promise.reject(new Error('it takes no new runs yet'))),
      }),
    },
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
