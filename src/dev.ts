/** `npm start`: the whole of Sojourn on one machine, with embedded parts wherever the settings name no real ones. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedSecrets, parseConfig, secretSettings, type Config, type Env } from './config';
import { loadContent, remarkInWords, remarksOn } from './content';
import { openCore } from './core';
import { migrate, openDatabase } from './db';
import { openDemo } from './demo';
import { announceStop, needPort, startEmbedded, waitForStop } from './embedded';
import { createLog, logFile } from './observe';
import { startRouterRole } from './router';
import { buildBundle } from './runtime/worker';
import { startApiRole } from './server';
import { stopInOrder } from './stopping';
import { tellingFailures, tellingUnplanned } from './terminal-lines';
import { builtApp } from './web';
import { startWorkerRole } from './worker';
import { troublesOf, type Working } from './working';

export interface DevOptions {
  /** The demo's shop and guide besides, and people who walk through the shop. */
  demo?: { shoppers: boolean };
}

export interface Dev {
  /** Where everything is for a browser on this machine, without a slash at its end. */
  url: string;
  /** Absolute: where all data is kept. */
  dataDir: string;
  /** Lines that tell where everything is. */
  addresses: string[];
  stop(): Promise<void>;
}

/** `say` gets a line of progress. Whatever was started is stopped again when a later part fails. */
export async function startDev(
  env: Env,
  contentDir: string,
  say: (line: string) => void,
  signal: AbortSignal,
  options: DevOptions = {},
): Promise<Dev> {
  const config = parseConfig(env);
  await waitForStop(config.dataDir, say);
  await needPort(config.port, config.host, 'PORT');
  const content = await loadContent(contentDir);
  say(`Content: ${content.journeys.length} journeys, ${content.messages.size} messages`);
  for (const remark of await remarksOn(content)) say(`Warning: ${remarkInWords(remark)}`);
  const { secrets, made } = await embeddedSecrets(config);
  // What is still being built when the start fails or is stopped is waited for by nobody.
  const failed = new AbortController();
  const building = buildBundle({ contentDir, cacheDir: config.cacheDir });
  building.catch(() => undefined); // awaited below
  const apps = { say, signal: AbortSignal.any([signal, failed.signal]) };
  const pages = builtApp('pages', apps);
  pages.catch(() => undefined); // the API says what is wrong with them
  const shop = options.demo && builtApp('shop', apps);
  shop?.catch(() => undefined); // awaited below

  let announced: Promise<void> | undefined;
  const announce = () => (announced ??= announceStop(config.dataDir));
  signal.addEventListener('abort', () => void announce().catch(() => undefined)); // awaited below
  const started: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    await announce();
    await stopInOrder(started);
  };
  try {
    const parts = await startEmbedded(config, { log: say, signal });
    started.push(parts);
    const bundle = await building;
    say(`Journeys: bundled, version ${bundle.version}`);
    mkdirSync(config.dataDir, { recursive: true });
    const logPath = join(config.dataDir, 'sojourn.log');
    // A machine that is busy with our own start may let the first connection wait.
    const migrating = openDatabase({ url: parts.databaseUrl, maxConnections: 1, connectWithinMs: 60_000 });
    await migrate(migrating, Date.now()).finally(() => migrating.destroy());

    const publicUrl =
      config.publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`;
    const opened = await openCore({
      config,
      secrets,
      databaseUrl: parts.databaseUrl,
      temporalAddress: parts.temporalAddress,
      temporalUiUrl: parts.temporalUiUrl ?? config.temporalUiUrl,
      smtpUrl: parts.smtpUrl,
      publicUrl,
      from: config.from ?? 'Sojourn <sojourn@localhost.localdomain>',
      content,
      log: createLog({ level: config.logLevel, to: logFile(logPath) }),
      env,
      onRunEnded: tellingFailures(say),
    });
    started.push(opened);
    const core = { ...opened, accept: tellingUnplanned(opened.accept, content.plan, say) };
    // The way in opens first and closes last: what is accepted while the others are away waits in the store.
    const demo =
      options.demo && shop
        ? await openDemo(core, { ...options.demo, shop: await shop, realMail: !parts.inbox, say })
        : undefined;
    const working: Working = {};
    const api = await startApiRole(core, {
      ...{ inbox: parts.inbox, more: demo?.routes, pages, troubles: troublesOf(['router', 'worker'], working) },
      development: true,
      demo: options.demo !== undefined,
    });
    started.push(api);
    started.push((working.router = await startRouterRole(core)));
    const worker = await startWorkerRole(core, { bundle, signal });
    started.push((working.worker = worker));
    await worker.ready;
    say('Worker: ready');
    await pages.catch(() => undefined);
    if (demo) started.push(demo.start(api.url));
    return {
      url: api.url,
      dataDir: config.dataDir,
      addresses: [
        `Pages         ${api.url}/   sign in with ${passwordPlace(config)}`,
        `API           ${api.url}`,
        ...(parts.inbox ? [`Inbox         ${api.url}/inbox`] : []),
        ...(parts.temporalUiUrl ? [`Temporal UI   ${parts.temporalUiUrl}`] : []),
        `Data          ${config.dataDir}`,
        `Log           ${logPath}`,
        ...(config.timeScale === 1 ? [] : [`Clock         ${config.timeScale} times as fast`]),
        ...made.map((name) => `${secretSettings[name].padEnd(24)}${secrets[name]}`),
        ...(made.length > 0 ? [`(made just now, shown once, kept in ${join(config.dataDir, 'secrets.json')})`] : []),
      ],
      stop,
    };
  } catch (error) {
    failed.abort();
    await stop();
    throw error;
  }
}

function passwordPlace({ adminPassword, dataDir }: Config): string {
  return adminPassword === undefined ? `adminPassword in ${join(dataDir, 'secrets.json')}` : 'SOJOURN_ADMIN_PASSWORD';
}
