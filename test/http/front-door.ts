/** Sojourn's HTTP side on a free port, over real parts: what a test of the API talks to. */
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { createClock, type Clock } from '../../src/clock';
import type { Db } from '../../src/db';
import { createAccept } from '../../src/events';
import { createApp, createKeys, type AppDeps, type KeyStore } from '../../src/http';
import type { CatalogJourney, HeaderData } from '../../src/journey';
import { createMetrics } from '../../src/observe';
import { createConsents, createSigner, type Signer } from '../../src/messaging';
import { createCatalog, createDecider, createOperator, requestTrigger, type Decider } from '../../src/routing';
import { plan } from '../../events';
import { topics } from '../../messages/topics';
import { freshDatabase, type FreshDatabase } from '../support';

export const writeKey = 'wk_test_0123456789abcdef0123456789';
export const secretKey = 'sk_test_0123456789abcdef0123456789';
export const signingKey = 'signing-key-of-the-tests';

/** Who did something, where a test has no request for it. */
export const somebody = { id: 'test', name: 'a test' };

/** Signs in to the pages. */
export const adminPassword = 'correct horse battery staple';

const minute = 60_000;
const header: HeaderData = {
  on: [{ kind: 'event', event: 'add_to_cart' }],
  when: { kind: 'compare', of: { kind: 'cart', what: 'value' }, is: 'moreThan', than: 50 },
  key: 'person',
  entry: { kind: 'per', everyMs: 24 * 60 * minute },
  entryMaxAgeMs: 60 * minute,
  onRepeat: 'ignore',
  hears: [],
  exitOn: [{ event: 'logout' }],
  goal: { event: 'purchase', withinMs: 7 * 24 * 60 * minute },
  holdout: 0,
  mode: 'live',
  topic: 'reminders',
  priority: 'normal',
  versions: 'pinned',
};
/** One run a person and cart. */
export const perCart: CatalogJourney = {
  id: 'per-cart',
  header: { ...header, key: 'cart_id', when: undefined, entry: { kind: 'unlimited' } },
};

const journeys: CatalogJourney[] = [
  { id: 'cart-abandonment', header },
  { id: 're-engagement', header: { ...header, on: [{ kind: 'api' }], when: undefined, goal: undefined } },
];

const messages = new Set(['cart-reminder', 'we-miss-you']);

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON, for tests to look into. */
  json: Record<string, unknown>;
}

export interface Call {
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is. */
  raw?: string | Buffer;
  /** The user name of Basic; null for none. The write key unless given. */
  key?: string | null;
  headers?: Record<string, string>;
}

export interface FrontDoor {
  url: string;
  db: Db;
  clock: Clock;
  keys: KeyStore;
  signer: Signer;
  decider: Decider;
  call(method: string, path: string, call?: Call): Promise<Answer>;
  post(path: string, body: unknown, call?: Call): Promise<Answer>;
  get(path: string, call?: Call): Promise<Answer>;
  /** Events as they were kept, oldest first. */
  kept(): Promise<
    {
      name: string;
      type: string;
      properties: Record<string, unknown>;
      planned: boolean;
      occurred_at: Date;
      source: string;
      activity: boolean;
      message_id: string;
      context: Record<string, unknown> | null;
    }[]
  >;
  close(): Promise<void>;
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

export async function request(
  url: string,
  method: string,
  { body, raw, key = writeKey, headers }: Call = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...((body !== undefined || raw !== undefined) && { 'content-type': 'application/json' }),
      ...(key !== null && { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` }),
      ...headers,
    },
    body:
      raw === undefined ? (body === undefined ? undefined : JSON.stringify(body)) : new Uint8Array(Buffer.from(raw)),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

export interface FrontDoorOptions {
  /** Journeys besides those that most tests have. */
  more?: CatalogJourney[];
  scale?: number;
  /** Put in place of the usual parts. */
  parts?: Partial<AppDeps>;
  database?: FreshDatabase;
}

export async function openFrontDoor({
  scale = 1,
  parts,
  database: given,
  more = [],
}: FrontDoorOptions = {}): Promise<FrontDoor> {
  const database = given ?? (await freshDatabase());
  const { db } = database;
  const clock = createClock({ epoch: Date.now(), scale });
  const accept = createAccept({ db, clock });
  const catalog = createCatalog(db, clock, [...journeys, ...more]);
  await catalog.deploy();
  const decider = createDecider({ db, clock, catalog: () => catalog.journeys() });
  const operator = createOperator({ db, clock, catalog });
  const keys = createKeys({ db, clock, writeKey, secretKey });
  const signer = createSigner(signingKey);
  const app = createApp({
    db,
    clock,
    plan,
    keys,
    signer,
    catalog,
    signingKey,
    metrics: createMetrics({ process: false }),
    accept: (events) => accept.accept(events),
    requestTrigger: (trigger) => requestTrigger({ db, clock, accept, decider }, trigger),
    setMode: (journey, mode, by) => operator.setMode(journey, mode, by),
    pauseMessage: async (id, paused, by) => {
      if (!messages.has(id)) return undefined;
      return { changed: (await operator.pauseMessage(id, paused, by)) !== undefined };
    },
    exitRun: (id, reason, by) => operator.stopRun(id, reason, by),
    consents: createConsents({ db, clock }),
    topics,
    senderName: 'Desk & Co',
    messageIds: [...messages],
    admin: { password: adminPassword },
    development: true,
    readiness: { store: () => db.selectFrom('settings').select('name').limit(1).execute() },
    temporalUi: { url: 'http://127.0.0.1:8233', namespace: 'default' },
    onError: (error, where) => console.error(where, error),
    ...parts,
  });
  const server = createServer(app);
  const url = await listen(server);
  const call = (method: string, path: string, options?: Call) => request(`${url}${path}`, method, options);
  return {
    url,
    db,
    clock,
    keys,
    signer,
    decider,
    call,
    post: (path, body, options) => call('POST', path, { body, ...options }),
    get: (path, options) => call('GET', path, { key: secretKey, ...options }),
    kept: () => db.selectFrom('events').selectAll().orderBy('id').execute(),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await accept.close();
      if (!given) await database.drop();
    },
  };
}
