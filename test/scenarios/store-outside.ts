/** What happens in a scenario, done to the real store as the outside does it. */
import { sql } from 'kysely';
import { openDatabase } from '../../src/db';
import type { IncomingEvent } from '../../src/events';
import { parseDuration } from '../../src/journey';
import { clickOf, readClickedLink } from '../../src/messaging';
import { createOperator, requestTrigger, type Operator } from '../../src/routing';
import type { Happening } from '../../src/runtime/simulated';
import type { StoreParts } from './store-parts';

const somebody = { id: 'admin', name: 'admin' };

export class Outside {
  private readonly difficult = new Map<string, 'refused' | 'uncertain'>();
  /** Sends by their steps, in the order in which they were first asked for. */
  private readonly asked = new Map<string, string>();
  private ids = 0;

  constructor(private readonly parts: StoreParts) {}

  /** Makes somebody known, under this id if one is given. */
  async meet(userId: string, { id, traits }: { id?: string; traits: Record<string, unknown> }): Promise<string> {
    if (id !== undefined) {
      await sql`select setval('sojourn.people_id_seq', ${id}::bigint, false)`.execute(this.parts.db);
    }
    return this.accept({ type: 'identify', name: 'identify', userId, properties: traits });
  }

  async happen(personId: string, happening: Happening): Promise<void> {
    const { clock, consents } = this.parts;
    switch (happening.kind) {
      case 'event': {
        const { event: name, id, late, properties = {} } = happening;
        if (name.startsWith('message_')) return this.happenToMessage(personId, name, properties);
        await this.accept({
          ...{ type: 'track', name, personId, properties, activity: true },
          ...(id !== undefined && { messageId: id }),
          occurredAt: clock.now() - (late === undefined ? 0 : parseDuration(late)),
        });
        return;
      }
      case 'identify':
        await this.accept({ type: 'identify', name: 'identify', personId, properties: happening.traits });
        return;
      case 'request':
        return this.request(personId, happening);
      case 'choose':
        await consents.set({ personId, topic: happening.topic, state: happening.state, source: 'api' });
        return;
      case 'message': {
        const { message, set } = happening;
        if (set === 'refused' || set === 'uncertain') this.difficult.set(message, set);
        else this.difficult.delete(message);
        return this.operate((operator) => operator.pauseMessage(message, set === 'paused', somebody));
      }
      case 'mode':
        return this.operate((operator) => operator.setMode(happening.journey, happening.set, somebody));
      case 'stop':
        return this.stopAll(personId, happening.reason);
      case 'erase':
        throw new Error('Nothing erases people yet.');
    }
  }

  /** When time alone makes something happen next. */
  async nextDue(): Promise<number | undefined> {
    const { fn } = this.parts.db;
    const row = await this.parts.db.selectFrom('watches').select(fn.min('fires_at').as('at')).executeTakeFirst();
    return (row?.at as Date | null | undefined)?.getTime();
  }

  async tick(): Promise<void> {
    const { absences, db, decider } = this.parts;
    await absences.fire();
    const pending = await db.selectFrom('pending').select('person_id').distinct().execute();
    await decider.decide(pending.map((row) => row.person_id));
  }

  /** The mail server is about to be asked for this message. */
  expect(message: string): void {
    const how = this.difficult.get(message);
    this.parts.peer.refuse(how === 'refused' ? 554 : undefined);
    this.parts.peer.drop(how === 'uncertain');
  }

  noteSend(stepKey: string, id: string): void {
    if (!this.asked.has(stepKey)) this.asked.set(stepKey, id);
  }

  private async accept(
    event: Pick<IncomingEvent, 'type' | 'name' | 'properties'> & Partial<IncomingEvent>,
  ): Promise<string> {
    const { accept, clock, decider } = this.parts;
    const [accepted] = await accept.accept([
      {
        ...{ messageId: this.newId(), occurredAt: clock.now(), source: 'http', planned: true, activity: false },
        ...event,
      },
    ]);
    await decider.decide([accepted!.personId]);
    return accepted!.personId;
  }

  private newId(): string {
    return `happens ${++this.ids}`;
  }

  private async request(personId: string, { journey, facts = {} }: Extract<Happening, { kind: 'request' }>) {
    const of = this.parts.db.selectFrom('people').select('user_id').where('id', '=', personId);
    const { user_id: userId } = await of.executeTakeFirstOrThrow();
    await requestTrigger(
      // However slow the machine is, its verdict is waited for.
      { ...this.parts, verdictWithinMs: 600_000 },
      { journey, facts, userId: userId ?? undefined, messageId: this.newId(), source: 'http' },
    );
  }

  private async stopAll(personId: string, reason = 'ended by an operator'): Promise<void> {
    const of = this.parts.db.selectFrom('runs').select('id').where('person_id', '=', personId);
    const live = await of.where('state', '=', 'live').orderBy('id').execute();
    await this.operate(async (operator) => {
      for (const { id } of live) await operator.stopRun(id, reason, somebody);
    });
  }

  /** What an operator wakes once more, some of the wall's seconds later, has no place on this clock: it finds no store. */
  private async operate(act: (operator: Operator) => Promise<unknown>): Promise<void> {
    const { store, clock, catalog, onDeliveries } = this.parts;
    const db = openDatabase({ url: store.url, maxConnections: 1 });
    try {
      await act(createOperator({ db, clock, catalog, onDeliveries }));
    } finally {
      await db.destroy();
    }
  }

  /** To the last of these messages that arrived, if one did. Its links are clicked as the mail has them. */
  private async happenToMessage(personId: string, name: string, { message, url }: Record<string, unknown>) {
    const { db, clock, peer, signer } = this.parts;
    const of = db.selectFrom('sends').select(['id', 'run_id']).where('person_id', '=', personId);
    const sends = await of.where('message', '=', String(message)).execute();
    const isOf = (id: string) => peer.mails.findLast(({ messageId }) => messageId.startsWith(`<${id}@`));
    const last = [...this.asked.values()].findLast((id) => sends.some((send) => send.id === id) && isOf(id));
    const send = sends.find(({ id }) => id === last);
    if (!send) return;
    if (name !== 'message_clicked') {
      const properties = { message_id: send.id, message, run_id: send.run_id };
      return void (await this.accept({ type: 'track', name, personId, properties }));
    }
    const tokens = [...isOf(send.id)!.html.matchAll(/\/t\/([^"]+)"/g)].map(([, token]) => token!);
    const links = await Promise.all(tokens.map((token) => readClickedLink(db, signer, token)));
    const link = links.find((one) => url === undefined || one?.url === url);
    if (link) await this.accept(clickOf(link, clock.now()));
  }
}
