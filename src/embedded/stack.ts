/**
 * The parts that a stack on one machine needs: embedded ones, or the real ones that the settings name. They are
 * started in order with progress, and stopped in the other order.
 */
import type { Config } from '../config';
import { takeDataFolder } from './data-folder';
import type { Log } from './errors';
import { openInbox, type Inbox } from './inbox';
import { startPostgres } from './postgres';
import { findTemporalCli, serverOf, type FoundCli } from './temporal-cli';
import { startTemporal } from './temporal-server';

export interface EmbeddedStack {
  databaseUrl: string;
  temporalAddress: string;
  /** Unset with a Temporal of one's own. */
  temporalUiUrl?: string;
  smtpUrl: string;
  /** Unset with an SMTP server of one's own. */
  inbox?: Inbox;
  /** Which parts are ours. */
  embedded: { postgres: boolean; temporal: boolean; inbox: boolean };
  stop(): Promise<void>;
}

/**
 * Throws the first part's `PartError` when one does not start, or the reason of `signal` once that is aborted; what was
 * started by then is stopped.
 */
export async function startEmbedded(
  config: Config,
  { log, signal }: { log: Log; signal?: AbortSignal },
): Promise<EmbeddedStack> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const stopPart of stops.splice(0).reverse()) await stopPart();
  };
  try {
    const folder = await takeDataFolder(config.dataDir);
    stops.push(folder.release);
    // PostgreSQL and Temporal know nothing of each other: they come up at the same time.
    const [postgres, temporal, mail] = await settle([postgresPart(), temporalPart(), mailPart()]);
    signal?.throwIfAborted();
    return {
      ...postgres,
      ...temporal,
      ...mail,
      embedded: { postgres: !config.databaseUrl, temporal: !config.temporal.address, inbox: !config.smtpUrl },
      stop,
    };
  } catch (error) {
    await stop();
    signal?.throwIfAborted();
    throw error;
  }

  async function postgresPart(): Promise<Pick<EmbeddedStack, 'databaseUrl'>> {
    if (config.databaseUrl) return { databaseUrl: config.databaseUrl };
    log('PostgreSQL: starting');
    const server = await startPostgres({ dataDir: config.dataDir, log, signal });
    stops.push(async () => {
      await server.stop();
      log('PostgreSQL: stopped');
    });
    log(`PostgreSQL: ready on 127.0.0.1:${server.port}`);
    return { databaseUrl: server.url };
  }

  async function temporalPart(): Promise<Pick<EmbeddedStack, 'temporalAddress' | 'temporalUiUrl'>> {
    const { address, namespace } = config.temporal;
    if (address) return { temporalAddress: address };
    const cli = await findTemporalCli({ log, cacheDir: config.cacheDir, signal });
    log(`Temporal: starting (${serverOf(cli)}, ${whence[cli.from]})`);
    const server = await startTemporal({ cli: cli.path, dataDir: config.dataDir, namespace, log, signal });
    stops.push(async () => {
      await server.stop();
      log('Temporal: stopped');
    });
    log(`Temporal: ready on ${server.address}, its UI on ${server.uiUrl}`);
    return { temporalAddress: server.address, temporalUiUrl: server.uiUrl };
  }

  async function mailPart(): Promise<Pick<EmbeddedStack, 'smtpUrl' | 'inbox'>> {
    if (config.smtpUrl) return { smtpUrl: config.smtpUrl };
    const inbox = await openInbox({ dataDir: config.dataDir });
    stops.push(() => inbox.close());
    log(`Inbox: ready on ${inbox.url}`);
    return { smtpUrl: inbox.url, inbox };
  }
}

const whence = {
  PATH: 'from the PATH',
  cache: 'from the cache',
  download: 'just downloaded',
  go: 'just built with Go',
} as const satisfies Record<FoundCli['from'], string>;

/** All of them, or the first failure, once every one is settled, so that none is still starting when we stop. */
async function settle<A, B, C>(parts: [Promise<A>, Promise<B>, Promise<C>]): Promise<[A, B, C]> {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}
