/** A store, an SMTP peer and a sender, with people and live runs made by hand: what surrounds messaging is not here. */
import type { Selectable } from 'kysely';
import { createClock, type Clock } from '../../src/clock';
import { cartOf, type CheckContext } from '../../src/behaviour';
import type { Database, Db } from '../../src/db';
import type { Carried, HeaderData, JourneyEvent, SendRequest } from '../../src/journey';
import { stepKey } from '../../src/journey';
import {
  createConsents,
  createSender,
  createSigner,
  loadMessages,
  message,
  smtpProvider,
  type CompiledMessage,
  type Message,
  type Sender,
  type SenderOptions,
} from '../../src/messaging';
import { z } from 'zod';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freshDatabase, smtpPeer, type FreshDatabase, type SmtpPeer } from '../support';

export const publicUrl = 'https://shop.example';

const plainMail = (over: Partial<Message> = {}) => ({
  ...message({
    kind: 'marketing',
    topic: 'news',
    props: z.object({}),
    email: { subject: 'Hello {{ user_name }}', template: 'email.mjml' },
    fallbacks: { user_name: 'there' },
    example: { props: {} },
  }),
  ...over,
});

const body = `<mjml><mj-body><mj-section><mj-column><mj-text>Hi {{ user_name }}</mj-text>
<mj-button href="{{ public_url }}/go?a=1&amp;b=2">Go</mj-button>
<mj-text><a href="{{ unsubscribe_url }}">Unsubscribe</a></mj-text></mj-column></mj-section></mj-body></mjml>`;

/** Messages that differ in their policies only. */
export async function plainMessages(dir: string): Promise<Map<string, CompiledMessage>> {
  const definitions = {
    news: plainMail(),
    urgent: plainMail({ priority: 'high' }),
    rare: plainMail({ cooldownMs: 3_600_000 }),
    loaded: plainMail({
      data: async (ask) => Promise.resolve({ now: ask.now }),
      example: { props: {}, data: { now: 0 } },
    }),
    receipt: plainMail({ kind: 'transactional', topic: undefined, capped: false, onUncertain: 'resend' }),
  };
  for (const id of Object.keys(definitions)) {
    await mkdir(join(dir, id), { recursive: true });
    await writeFile(join(dir, id, 'email.mjml'), body);
  }
  return loadMessages(dir, definitions, [{ id: 'news', label: 'News', consent: 'opt-out' }]);
}

export interface Bench {
  store: FreshDatabase;
  db: Db;
  peer: SmtpPeer;
  clock: Clock;
  consents: ReturnType<typeof createConsents>;
  messages: Map<string, CompiledMessage>;
  sender(over?: Partial<SenderOptions>): Sender;
  person(traits?: Record<string, unknown>): Promise<string>;
  run(personId: string, over?: Partial<RunRow>): Promise<Carried>;
  /** A run of somebody new. */
  live(traits?: Record<string, unknown>): Promise<Carried>;
  /** What the ledger has of a send. */
  row(request: SendRequest): Promise<Selectable<Database['sends']>>;
  /** Of a send, by its id: the attempts at it. */
  attempts(sendId: string): Promise<Selectable<Database['attempts']>[]>;
  close(): Promise<void>;
}

interface RunRow {
  holdout: boolean;
  mode: string;
  state: 'live' | 'ended';
  header: Partial<HeaderData>;
}

export const signer = createSigner('a key for tests only');

interface Surroundings {
  db: Db;
  clock: Clock;
  messages: Map<string, CompiledMessage>;
  smtpUrl: string;
}

export function makeSender({ smtpUrl, ...rest }: Surroundings, over: Partial<SenderOptions> = {}): Sender {
  return createSender({
    ...rest,
    email: smtpProvider(smtpUrl),
    signer,
    publicUrl,
    from: 'Shop <hello@shop.example>',
    log: { warn: () => undefined },
    settle: async (personId) => rest.db.deleteFrom('pending').where('person_id', '=', personId).execute(),
    ask: (about) => knowsNoEvents(rest.clock, about),
    ...over,
  });
}

/** What a loader is given of a person without events. */
export function knowsNoEvents(clock: Clock, about: Pick<CheckContext, 'person' | 'trigger'>): CheckContext {
  const cart = () => Promise.resolve(cartOf([]));
  return { ...about, now: clock.now(), events: () => Promise.resolve([]), cart };
}

/** @param dir an empty folder, for the messages */
export async function openBench(dir: string): Promise<Bench> {
  const store = await freshDatabase();
  const { db } = store;
  const peer = await smtpPeer();
  const clock = createClock({ epoch: Date.now(), scale: 1 });
  const messages = await plainMessages(dir);
  let runs = 0;
  const bench: Bench = {
    store,
    db,
    peer,
    clock,
    messages,
    consents: createConsents({ db, clock }),
    sender: (over = {}) => makeSender({ db, clock, messages, smtpUrl: peer.url }, over),
    async person(traits = { email: 'ada@example.com', name: 'Ada' }) {
      const row = await db
        .insertInto('people')
        .values({ traits: JSON.stringify(traits), first_seen_at: new Date() })
        .returning('id')
        .executeTakeFirstOrThrow();
      return row.id;
    },
    async run(personId, { header = {}, ...over } = {}) {
      const key = `p${personId}-${++runs}`;
      const trigger: JourneyEvent = { id: '1', name: 'login', properties: {}, at: 0, acceptedAt: 0 };
      const row = await db
        .insertInto('runs')
        .values({
          journey: 'a-journey',
          person_id: personId,
          key,
          workflow_id: `a-journey/${key}`,
          number: String(runs),
          state: 'live',
          header: JSON.stringify({ priority: 'normal', mode: 'live', ...header }),
          trigger: JSON.stringify(trigger),
          holdout: false,
          mode: 'live',
          started_at: new Date(),
          ...over,
        })
        .returning(['id', 'number'])
        .executeTakeFirstOrThrow();
      const run = { id: row.id, number: Number(row.number), journey: 'a-journey', key, personId };
      return { run, position: 0, steps: [] };
    },
    live: async (traits) => bench.run(await bench.person(traits)),
    row: ({ stepKey }) => db.selectFrom('sends').selectAll().where('step_key', '=', stepKey).executeTakeFirstOrThrow(),
    attempts: (sendId) =>
      db.selectFrom('attempts').selectAll().where('send_id', '=', sendId).orderBy('attempt').execute(),
    async close() {
      await peer.close();
      await store.drop();
    },
  };
  return bench;
}

export function ask(carried: Carried, messageId = 'news', step = `send ${messageId}`): SendRequest {
  return { stepKey: stepKey(carried.run, step), step, message: messageId, props: {} };
}
