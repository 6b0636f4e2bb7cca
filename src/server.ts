/** The API's role: takes events in, answers questions, and serves what messages link to. */
import { createServer, type Server } from 'node:http';
import { sql } from 'kysely';
import type { Core } from './core';
import { needPort, type Inbox } from './embedded';
import { setAside } from './events';
import { createApp, createKeys } from './http';
import { createConsents, settleUncertain } from './messaging';
import type { Role } from './router';
import { requestTrigger } from './routing';
import { createTemporalClient } from './runtime/worker';
import { senderOf } from './sending';

export interface ApiRole extends Role {
  url: string;
}

/** How long open requests may take once the server stops. */
const drainMs = 10_000;
const readinessMs = 2_000;

export async function startApiRole(core: Core, { inbox }: { inbox?: Inbox } = {}): Promise<ApiRole> {
  const { db, clock, config, content, accept, decider, catalog, operator, metrics, signer, log, secrets } = core;
  const temporal = createTemporalClient({ ...config.temporal, address: core.temporalAddress });
  const sender = senderOf(core);
  const app = createApp({
    db,
    clock,
    plan: content.plan,
    keys: createKeys({ db, clock, writeKey: secrets.writeKey, secretKey: secrets.secretKey }),
    metrics,
    accept: (events) => accept.accept(events),
    setAside: (calls) => setAside(db, calls),
    settleMessage: (id, verdict) => settleUncertain({ db, clock, sender }, id, verdict),
    catalog,
    requestTrigger: (request) => requestTrigger({ db, clock, accept, decider }, request),
    setMode: (journey, mode) => operator.setMode(journey, mode),
    exitRun: (runId, reason) => operator.stopRun(runId, reason),
    pauseMessage: async (id, paused) => {
      if (!content.messages.has(id)) return false;
      await operator.pauseMessage(id, paused);
      return true;
    },
    allowedHosts: config.allowedHosts,
    trustProxy: config.trustProxy,
    signer,
    consents: createConsents({ db, clock }),
    inbox,
    readiness: {
      postgres: () => sql`select 1`.execute(db),
      temporal: () => temporal.withDeadline(Date.now() + readinessMs, () => temporal.workflowService.getSystemInfo({})),
    },
    temporalUi: core.temporalUiUrl ? { url: core.temporalUiUrl, namespace: config.temporal.namespace } : undefined,
    signingKey: secrets.signingKey,
    onError: (error, where) => log.error({ err: error, where }, 'A request failed'),
  });
  const server = createServer(app);
  // Longer than the usual proxies keep theirs, so that none is closed under a request.
  server.keepAliveTimeout = 65_000;
  server.requestTimeout = 30_000;
  await listen(server, config.port, config.host);
  return {
    url: addressOf(server, config.host),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const giveUp = setTimeout(() => server.closeAllConnections(), drainMs);
      await closed;
      clearTimeout(giveUp);
      await temporal.connection.close();
    },
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await needPort(port, host, 'PORT');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

function addressOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
