/** The parts that stand between a run and the outside in production, on a database of their own and a clock that is given. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClock } from '../../src/clock';
import { createAccept } from '../../src/events';
import { loadHeader, type Journey } from '../../src/journey';
import {
  createConsents,
  createSender,
  createSigner,
  loadMessages,
  smtpProvider,
  type CompiledMessage,
} from '../../src/messaging';
import { createAbsences, createCatalog, createDecider } from '../../src/routing';
import type { Content } from '../../src/runtime/simulated';
import { askAbout, createChecks } from '../../src/runtime/store-ops';
import { freshDatabase, smtpPeer } from '../support';

const body = `<mjml><mj-body><mj-section><mj-column><mj-text>Hi</mj-text>
<mj-text><a href="https://shop.example/one">One</a> <a href="https://shop.example/two">Two</a></mj-text>
<mj-text><a href="{{ unsubscribe_url }}">Unsubscribe</a></mj-text></mj-column></mj-section></mj-body></mjml>`;

/** @param dir an empty folder */
export async function compileMessages(
  dir: string,
  { messages, topics }: Content,
): Promise<Map<string, CompiledMessage>> {
  for (const id of Object.keys(messages)) {
    await mkdir(join(dir, id));
    await writeFile(join(dir, id, 'email.mjml'), body);
  }
  return loadMessages(dir, messages, [...topics]);
}

export interface StoreOptions {
  journeys: readonly Journey[];
  content: Content;
  messages: Map<string, CompiledMessage>;
  /** When the scenario begins; milliseconds since 1970. */
  start: number;
}

export type StoreParts = Awaited<ReturnType<typeof openParts>>;

export async function openParts({ journeys, content, messages, start }: StoreOptions, now: () => number) {
  const store = await freshDatabase({ maxConnections: 4 });
  const peer = await smtpPeer();
  const { db } = store;
  const clock = createClock({ epoch: start, scale: 1 }, now);
  const headers = journeys.map(({ id, header }) => ({ id, header: loadHeader(id, header) }));
  const catalog = createCatalog(db, clock, headers);
  await catalog.deploy();
  /** Whether runs are to be told something. */
  const owed = { something: false };
  const onDeliveries = () => void (owed.something = true);
  const decider = createDecider({ db, clock, catalog: () => catalog.journeys(), onDeliveries });
  const accept = createAccept({ db, clock });
  const email = smtpProvider(peer.url);
  const signer = createSigner('a key for tests only');
  const sender = createSender({
    ...{ db, clock, messages, email, signer },
    topicOf: (journey) => {
      const header = headers.find(({ id }) => id === journey)?.header;
      return content.topics.find(({ id }) => id === header?.topic);
    },
    settle: (personId) => decider.decide([personId]),
    ask: (about) => askAbout({ db, clock }, about),
    publicUrl: 'https://shop.example',
    from: 'Shop <hello@shop.example>',
    log: { warn: () => undefined },
  });
  return {
    ...{ store, db, peer, signer, clock, catalog, decider, accept, sender, owed, onDeliveries },
    checks: createChecks(content.checks),
    consents: createConsents({ db, clock }),
    absences: createAbsences({ db, clock, accept, catalog: () => catalog.journeys() }),
    async close() {
      await accept.close();
      email.close?.();
      await peer.close();
      await store.drop();
    },
  };
}
