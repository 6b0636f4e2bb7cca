/**
 * What `sojourn demo` adds to the stack: the shop with its back end, the guide, and people who walk through the shop.
 * The shop's customers and its browser key are kept in the data folder, so that a page left open goes on after a restart.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock';
import type { Config, Secrets } from '../config';
import type { Content } from '../content';
import type { Db } from '../db';
import { createKeys, type Routes } from '../http';
import type { Logger } from '../observe';
import type { BuiltApp, Unbuilt } from '../web';
import { openAccounts, type Accounts } from './accounts';
import { journey, type Code } from './progress';
import { shopFiles } from './shop-files';
import { shopRoutes } from './shop-routes';
import { startShoppers } from './shoppers';
import { createSojournApi, type SojournApi } from './sojourn-api';

/** The parts of the stack that the demo stands on. */
export interface DemoParts {
  db: Db;
  clock: Clock;
  content: Pick<Content, 'dir' | 'journeys'>;
  config: Pick<Config, 'dataDir' | 'trustProxy'>;
  secrets: Pick<Secrets, 'writeKey' | 'secretKey' | 'signingKey'>;
  publicUrl: string;
  log: Logger;
}

export interface DemoOptions {
  shoppers: boolean;
  /** The application that browsers load. */
  shop: BuiltApp | Unbuilt;
  /** Mails leave through a real server: then nobody is simulated. */
  realMail: boolean;
  say: (line: string) => void;
}

export interface Demo {
  routes(routes: Routes): void;
  /** Once the API listens at `url`. */
  start(url: string): { stop(): Promise<void> };
}

export async function openDemo(parts: DemoParts, { shoppers, shop, realMail, say }: DemoOptions): Promise<Demo> {
  const { clock, config, secrets, publicUrl, log } = parts;
  if ('reason' in shop) say(`Shop: ${shop.reason}`);
  const files = shopFiles(shop, publicUrl);
  const accounts = await openAccounts(join(config.dataDir, 'demo-shop.json'));
  const writeKey = await browserKey(parts, accounts);
  const code = await codeIn(parts.content);
  const simulated = shoppers && !realMail;
  let api: SojournApi | undefined;
  return {
    routes(routes) {
      files(routes);
      shopRoutes(routes, {
        accounts,
        clock,
        signingKey: secrets.signingKey,
        writeKey,
        publicUrl,
        trustProxy: config.trustProxy,
        realMail,
        shoppers: simulated,
        code,
        api: () => api,
      });
    },
    start(url) {
      const started = createSojournApi({ url, writeKey: secrets.writeKey, secretKey: secrets.secretKey });
      api = started;
      if (realMail) say('Shoppers: none, since SMTP_URL names a real mail server');
      if (!simulated) return { stop: () => Promise.resolve() };
      return startShoppers({
        api: started,
        publicUrl,
        seed: Date.now(),
        onError: (error) => log.warn({ err: error }, 'A simulated shopper gave up'),
      });
    },
  };
}

/** The file of the journey that the guide is about, as it was loaded. */
async function codeIn({ dir, journeys }: DemoParts['content']): Promise<Code | undefined> {
  const found = journeys.find(({ id }) => id === journey);
  return found && { file: found.file, source: await readFile(join(dir, found.file), 'utf8') };
}

/** The key that was made at an earlier start, or a new one; keys are stored hashed, so the shop keeps its own. */
async function browserKey({ db, clock }: DemoParts, accounts: Accounts): Promise<string> {
  const keys = createKeys({ db, clock });
  const before = accounts.browserKey();
  if (before && (await keys.find(before.key))) return before.key;
  const made = await keys.create({ kind: 'browser', name: 'Demo shop' }, { id: 'demo', name: 'the demo' });
  await accounts.keepBrowserKey(made);
  return made.key;
}
