/**
 * What every role of a process shares: the store, the clock, the content, the way in and the decider. Made once by
 * whoever starts the process, passed to its roles, closed after them.
 */
import type { Logger } from 'pino';
import { loadClock, type Clock } from './clock';
import type { Config, Secrets } from './config';
import type { Content } from './content';
import { openDatabase, type Db } from './db';
import { createAccept, type Accept } from './events';
import { createMetrics, type Metrics } from './http';
import { createSigner, type Signer } from './messaging';
import { createBell, createCatalog, createDecider, createOperator } from './routing';
import type { Bell, Catalog, Decider, Operator, Verdict } from './routing';

/** Where the parts are, and what the outside knows of us. */
export interface Setup {
  config: Config;
  secrets: Secrets;
  databaseUrl: string;
  temporalAddress: string;
  temporalUiUrl?: string;
  smtpUrl: string;
  publicUrl: string;
  from: string;
  content: Content;
  log: Logger;
}

export interface Core extends Setup {
  db: Db;
  clock: Clock;
  accept: Accept;
  decider: Decider;
  catalog: Catalog;
  operator: Operator;
  bell: Bell;
  signer: Signer;
  metrics: Metrics;
  /** After the roles that use it. */
  stop(): Promise<void>;
}

/** The store must have been migrated. Throws when it is away, or has another time scale. */
export async function openCore(setup: Setup): Promise<Core> {
  const { config, databaseUrl, content, log } = setup;
  const db = openDatabase({
    url: databaseUrl,
    maxConnections: 20,
    onConnectionLost: (error) => log.warn({ err: error }, 'A connection to PostgreSQL was lost'),
  });
  try {
    const clock = await loadClock(db, config.timeScale);
    const metrics = createMetrics();
    const bell = createBell(databaseUrl, (error) => log.warn({ err: error }, 'Lost the bell; looking every second'));
    const catalog = createCatalog(db, clock, content.journeys);
    const onDeliveries = () => bell.ring('deliveries');
    const accept = createAccept({ db, clock, onAccepted: () => bell.ring('pending') });
    const onVerdict = (verdict: Verdict) => {
      const { journey } = verdict;
      metrics.decisions.inc({ journey, verdict: verdict.verdict });
      if (verdict.verdict === 'entered') metrics.runsStarted.inc({ journey });
      if (verdict.verdict === 'ended') metrics.runsEnded.inc({ journey, outcome: verdict.outcome });
    };
    const decider = createDecider({ db, clock, catalog: () => catalog.journeys(), onVerdict, onDeliveries });
    await catalog.refresh();
    return {
      ...setup,
      db,
      clock,
      accept,
      decider,
      catalog,
      operator: createOperator({ db, clock, catalog, onDeliveries }),
      bell,
      signer: createSigner(setup.secrets.signingKey),
      metrics,
      async stop() {
        await accept.close();
        await bell.close();
        await db.destroy();
      },
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}
