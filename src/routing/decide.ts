/**
 * Decides what is pending, person by person, in order of acceptance: locks the people, reads, applies the pure rules
 * of `decide-rules`, and writes verdicts, runs and deliveries, all in one short transaction. Any process may decide for
 * anybody at any time: the router does, a request that wants its verdict now, and a run before it reads or sends.
 */
import type { Clock } from '../clock';
import { withPeopleLocked, type Db, type Tx } from '../db';
import type { CatalogJourney } from '../journey';
import { noTracing, type Tracing } from '../observe';
import { mergeTraits } from '../people';
import { decideEvent, type Verdict } from './decide-rules';
import { loadPast, readQueue, type LoadedPerson, type PendingEvent } from './decide-load';
import { Changes, type Decided } from './decide-write';
import { readLinksTo, settleLinks, type Link } from './links';

export interface Decider {
  /**
   * Decides what is pending for these people (canonical ids or merged ones). With `skipLocked`, people whom another
   * process holds are left to it. `unlinked` spares a statement: the caller has just seen that no pending event links two
   * people. Resolves with how many events were decided.
   */
  decide(personIds: string[], options?: { skipLocked?: boolean; unlinked?: boolean }): Promise<number>;
}

export interface DeciderOptions {
  db: Db;
  clock: Clock;
  /** The journeys with their modes as operators have set them. */
  catalog: () => CatalogJourney[];
  /** Called for each verdict once it is committed, with the ids of what it is about. */
  onVerdict?: (verdict: Verdict, about: Decided) => void;
  /** Called after each transaction that decided something. */
  onRound?: (round: { events: number; ms: number }) => void;
  /** Called after a commit that left something to tell Temporal. */
  onDeliveries?: () => void;
  tracing?: Tracing;
}

const eventsPerTransaction = 1_000;

export function createDecider(options: DeciderOptions): Decider {
  const { db, clock, catalog, onVerdict, onRound, onDeliveries, tracing = noTracing } = options;

  async function decideOnce(personIds: string[], skipLocked: boolean): Promise<Round> {
    const changes = new Changes();
    const startedAt = Date.now();
    const started = performance.now();
    let traced: PendingEvent[] = [];
    const round = await withPeopleLocked(
      db,
      personIds,
      async (tx, locked): Promise<Round> => {
        const canonical = [...new Set([...locked.values()].map((person) => person.id))];
        if (canonical.length === 0) return { decided: 0, links: [], more: false };
        const { pending, links, people } = await readQueue(tx, canonical, {
          limit: eventsPerTransaction,
          traced: tracing.on,
        });
        // Who is who comes first: what is pending may be another person's after that.
        if (pending.length === 0 || links.length > 0) return { decided: 0, links, more: links.length > 0 };
        await refile(tx, pending);
        const journeys = catalog();
        await loadPast(tx, people, pending, journeys);
        for (const event of pending) {
          const person = people.get(event.personId);
          if (person) applyEvent(person, event, journeys, changes);
          changes.decided(event.id);
        }
        await changes.write(tx, people.values(), clock);
        if (tracing.on) traced = pending.filter(({ trace }) => trace !== undefined);
        return { decided: pending.length, links, more: pending.length === eventsPerTransaction };
      },
      { skipLocked },
    );
    if (changes.hasDeliveries) onDeliveries?.();
    if (round.decided > 0) onRound?.({ events: round.decided, ms: performance.now() - started });
    const verdicts = changes.verdicts();
    if (onVerdict) for (const { verdict, ...about } of verdicts) onVerdict(verdict, about);
    for (const { trace, id } of traced) {
      const own = verdicts
        .filter(({ event }) => event === id)
        .map(({ verdict }) => `${verdict.journey} ${verdict.verdict}`);
      const attributes = { 'sojourn.event': id, 'sojourn.verdicts': own.join(', ') };
      tracing.note('decide', { parent: trace, startedAt, attributes });
    }
    return round;
  }

  return {
    async decide(personIds, { skipLocked = false, unlinked = false } = {}) {
      if (personIds.length === 0) return 0;
      // Of those who have nothing pending themselves; the others' come with what is pending.
      if (!unlinked) await settleLinks(db, clock, await readLinksTo(db, personIds), onDeliveries);
      let decided = 0;
      for (let more = true; more;) {
        const round = await decideOnce(personIds, skipLocked);
        await settleLinks(db, clock, round.links, onDeliveries);
        decided += round.decided;
        more = round.more;
      }
      return decided;
    },
  };
}

interface Round {
  decided: number;
  links: Link[];
  more: boolean;
}

function applyEvent(person: LoadedPerson, event: PendingEvent, journeys: CatalogJourney[], changes: Changes): void {
  if (event.type === 'identify') {
    person.state.traits = mergeTraits(person.state.traits, event.properties);
    person.traitsChanged = true;
  }
  if (event.activity) person.seenAt = Math.max(person.seenAt ?? 0, event.at);
  person.state.history = person.needed.filter((past) => BigInt(past.id) <= BigInt(event.id));
  for (const verdict of decideEvent(person.state, event, journeys)) {
    changes.apply(person, event, verdict);
  }
  changes.watch(person, event, journeys);
}

/** What was accepted under an id that has been merged meanwhile is the survivor's, in the transaction that decides it. */
async function refile(tx: Tx, pending: PendingEvent[]): Promise<void> {
  for (const { id, personId, filedUnder, acceptedAt } of pending) {
    if (filedUnder === personId) continue;
    await tx
      .updateTable('events')
      .set({ person_id: personId })
      .where('person_id', '=', filedUnder)
      .where('accepted_at', '=', new Date(acceptedAt))
      .where('id', '=', id)
      .execute();
  }
}
