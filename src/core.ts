/**
 * What every role of a process shares: the store, the clock, the content, the way in and the decider. Made once by
 * whoever starts the process, passed to its roles, closed after them.
 */
import { loadClock, type Clock } from './clock';
import type { Config, Env, Secrets } from './config';
import type { Content } from './content';
import { openDatabase, type Db } from './db';
import { verdictRecorder } from './recording';
import { createAccept, type Accept } from './events';
import { createSigner, smtpProvider, type EmailProvider, type Signer } from './messaging';
import { createMetrics, startTracing, type Logger, type Metrics, type Tracing } from './observe';
import { createBell, createCatalog, createDecider, createOperator } from './routing';
import type { Bell, Catalog, Decider, Operator } from './routing';

/** A run that came to an end by itself, or was found at one. */
export interface EndedRun {
  id: string;
  journey: string;
  outcome: string;
  reason?: string;
}

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
  /** Where OpenTelemetry's settings are; without, nothing is traced. */
  env?: Env;
  onRunEnded?: (run: EndedRun) => void;
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
  mail: EmailProvider;
  metrics: Metrics;
  tracing: Tracing;
  /** After the roles that use it. */
  stop(): Promise<void>;
}

/** The store must have been migrated. Throws when it is away, or has another time scale. */
export async function openCore(setup: Setup): Promise<Core> {
  const { config, databaseUrl, content, log } = setup;
  const metrics = createMetrics();
  const db = openDatabase({
    url: databaseUrl,
    maxConnections: 20,
    onPool: (counts) => metrics.watchPool(counts),
    onConnectionLost: (error) => log.warn({ err: error }, 'A connection to PostgreSQL was lost'),
  });
  try {
    const clock = await loadClock(db, config.timeScale);
    const tracing = await startTracing(setup.env ?? {}, log);
    const bell = createBell(databaseUrl, (error) => log.warn({ err: error }, 'Lost the bell; looking every second'));
    const catalog = createCatalog(db, clock, content.journeys);
    const onDeliveries = () => bell.ring('deliveries');
    const accept = createAccept({
      ...{ db, clock, tracing },
      onAccepted: () => bell.ring('pending'),
      onCommit({ events, ms, result }) {
        metrics.acceptBatchEvents.observe(events);
        metrics.acceptCommitSeconds.observe({ result }, ms / 1_000);
      },
    });
    const decider = createDecider({
      ...{ db, clock, tracing, onDeliveries },
      catalog: () => catalog.journeys(),
      onVerdict: verdictRecorder({ metrics, log }),
      onRound({ events, ms }) {
        metrics.eventsDecided.inc(events);
        metrics.decideSeconds.observe(ms / 1_000);
      },
    });
    const mail = smtpProvider(setup.smtpUrl);
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
      mail,
      metrics,
      tracing,
      async stop() {
        mail.close?.();
        await accept.close();
        await bell.close();
        await db.destroy();
        await tracing.stop();
      },
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}
