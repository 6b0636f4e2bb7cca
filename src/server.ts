/** The API's role: takes events in, answers questions, and serves what messages link to. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { Core } from './core';
import type { Inbox } from './embedded';
import { setAside } from './events';
import { createApp, createKeys, type AppDeps } from './http';
import { closing, listen, readinessOf, type Troubles } from './listening';
import { createConsents, previewSend, readSender, senderName, settleUncertain } from './messaging';
import { watchRequests } from './observe';
import type { Role } from './router';
import { requestTrigger } from './routing';
import { askAbout } from './runtime/store-ops';
import { createTemporalClient } from './runtime/worker';
import { senderOf } from './sending';
import { builtApp, type BuiltApp, type Unbuilt } from './web';

export interface ApiRole extends Role {
  url: string;
}

/** How long open requests may take once the server stops. */
const drainMs = 10_000;

/** What a process may have besides. */
export interface ApiExtras {
  /** Of its other roles. Requests may come all the same: what they bring waits in the store. */
  troubles?: Troubles;
  inbox?: Inbox;
  more?: AppDeps['more'];
  /** The pages, when somebody builds them already. */
  pages?: Promise<BuiltApp | Unbuilt>;
  development?: boolean;
  /** Whoever sits at this machine signs in without a password. */
  demo?: boolean;
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

export async function startApiRole(core: Core, extras: ApiExtras = {}): Promise<ApiRole> {
  const { troubles = {}, inbox, more, development = false, demo = false } = extras;
  const { db, clock, config, content, accept, decider, catalog, operator, metrics, signer, log, secrets } = core;
  const temporal = createTemporalClient({ ...config.temporal, address: core.temporalAddress });
  const sender = senderOf(core);
  const pages = holdPages(extras.pages ?? builtApp('pages'), core);
  const app = createApp({
    db,
    clock,
    plan: content.plan,
    keys: createKeys({ db, clock, writeKey: secrets.writeKey, secretKey: secrets.secretKey }),
    metrics,
    watch: watchRequests(core),
    accept: (events) => accept.accept(events),
    setAside: (calls) => setAside(db, calls),
    settleMessage: async (id, verdict, by) => {
      const outcome = await settleUncertain({ db, clock, sender }, id, verdict, by);
      if (outcome) {
        log.info({ send: id, verdict, state: outcome.status, by: by.id }, 'An uncertain message was settled');
      }
      return outcome;
    },
    catalog,
    requestTrigger: (request) => requestTrigger({ db, clock, accept, decider }, request),
    setMode: (journey, mode, by) => operator.setMode(journey, mode, by),
    exitRun: async (runId, reason, by) => {
      const stopped = await operator.stopRun(runId, reason, by);
      if (stopped) log.info({ run: runId, outcome: 'stopped', by: by.id }, 'Run ended');
      return stopped;
    },
    pauseMessage: async (id, paused, by) => {
      if (!content.messages.has(id)) return undefined;
      return { changed: (await operator.pauseMessage(id, paused, by)) !== undefined };
    },
    allowedHosts: config.allowedHosts,
    trustProxy: config.trustProxy,
    signer,
    consents: createConsents({ db, clock }),
    topics: content.topics,
    senderName: senderName(readSender(core.from)),
    inbox,
    more,
    pages,
    development,
    version,
    publicUrl: core.publicUrl,
    admin: { password: secrets.adminPassword, demo },
    messageIds: [...content.messages.keys()],
    previewMessage: (id) =>
      previewSend(
        {
          ...{ db, messages: content.messages, publicUrl: core.publicUrl, from: core.from },
          ask: (about) => askAbout({ db, clock }, about),
        },
        id,
      ),
    readiness: readinessOf(core, temporal, troubles),
    mayBeAway: ['temporal', ...Object.keys(troubles)],
    temporalUi: core.temporalUiUrl ? { url: core.temporalUiUrl, namespace: config.temporal.namespace } : undefined,
    signingKey: secrets.signingKey,
    log,
    onError: (error, where) => log.error({ err: error, where }, 'A request failed'),
  });
  const server = createServer(app);
  const close = closing(server, drainMs);
  // Longer than the usual proxies keep theirs, so that none is closed under a request.
  server.keepAliveTimeout = 65_000;
  server.requestTimeout = 30_000;
  await listen(server, config.port, config.host, 'PORT');
  return {
    url: addressOf(server, config.host),
    async stop() {
      await close();
      await temporal.connection.close();
    },
  };
}

/** The API answers before the pages are there. */
function holdPages(coming: Promise<BuiltApp | Unbuilt>, { log }: Core): () => BuiltApp | Unbuilt {
  let pages: BuiltApp | Unbuilt = { reason: 'They are being built. Load this page again in a moment.' };
  coming.then(
    (built) => {
      pages = built;
      if ('reason' in built) log.warn({ reason: built.reason }, 'There are no pages');
    },
    (error: unknown) => {
      pages = { reason: 'They could not be read. The log says why.' };
      log.error({ err: error }, 'The pages could not be read');
    },
  );
  return () => pages;
}

function addressOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
