/**
 * What `sojourn demo` adds to the stack: the shop with its back end, the guide, and people who walk through the shop.
 * The shop's customers and its browser key are kept in the data folder, so that a page left open goes on after a restart.
 */
import { join } from 'node:path';
import type { Clock } from '../clock';
import type { Config, Secrets } from '../config';
import type { Db } from '../db';
import { createKeys, type Routes } from '../http';
import type { Logger } from '../observe';
import type { BuiltApp, Unbuilt } from '../web';
import { openAccounts, type Accounts } from './accounts';
import { shopFiles } from './shop-files';
import { shopRoutes } from './shop-routes';
import { startShoppers } from './shoppers';
import { createSojournApi, type SojournApi } from './sojourn-api';

/** The parts of the stack that the demo stands on. */
export interface DemoParts {
  db: Db;
  clock: Clock;
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

/** The key that was made at an earlier start, or a new one; keys are stored hashed, so the shop keeps its own. */
async function browserKey({ db, clock }: DemoParts, accounts: Accounts): Promise<string> {
  const keys = createKeys({ db, clock });
  const before = accounts.browserKey();
  if (before && (await keys.find(before.key))) return before.key;
  const made = await keys.create({ kind: 'browser', name: 'Demo shop' }, { id: 'demo', name: 'the demo' });
  await accounts.keepBrowserKey(made);
  return made.key;
}
