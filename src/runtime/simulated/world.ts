/**
 * People, events, runs and sends in memory, decided by the same rules as in production (`decideEvent`, `judge`). It
 * does not know what makes time pass: `clock` says what time it is, `deliver` takes what runs must be told. So it
 * stands behind the simulated clock as well as behind a Temporal server that skips time.
 */
import type { Clock } from '../../clock';
import {
  absenceEvent,
  parseDuration,
  personKey,
  requestedEvent,
  workflowKey,
  type CatalogJourney,
  type Ending,
  type Ops,
  type Told,
} from '../../journey';
import { clickId, everyTopic } from '../../messaging';
import { mergeTraits } from '../../people';
import { decideEvent, type Verdict } from '../../routing';
import { startArgs, withoutAddressesIn } from '../../runs';
import type { Happening } from './happenings';
import type { Content, Decision, KeptEvent, Person, RunRow, Send, Watch, WorldDelivery } from './records';
import { createWorldOps } from './world-ops';

export interface WorldOptions {
  clock: Clock;
  journeys: readonly CatalogJourney[];
  content: Content;
  deliver(delivery: WorldDelivery): void;
}

type EventHappening = Extract<Happening, { kind: 'event' }>;

interface Incoming {
  name: string;
  properties: Record<string, unknown>;
  id?: string;
  at?: number;
  activity: boolean;
  hop?: number;
}

export class World {
  readonly people = new Map<string, Person>();
  readonly runs: RunRow[] = [];
  readonly sends: Send[] = [];
  readonly decisions: Decision[] = [];
  readonly ops: Ops;
  /** What operators have set, by journey and by message. */
  readonly modes = new Map<string, CatalogJourney['header']['mode']>();
  readonly switches = new Map<string, 'paused' | 'refused' | 'uncertain'>();
  private readonly seenIds = new Set<string>();
  private watches: Watch[] = [];
  private lastNumber = 0;
  private lastEventId = 0;

  constructor(readonly options: WorldOptions) {
    this.ops = createWorldOps(this);
  }

  now(): number {
    return this.options.clock.now();
  }

  nextNumber(): number {
    return ++this.lastNumber;
  }

  /** The person of this user id, who is made when first named. The id within Sojourn may be given, for its hash. */
  person(userId: string, given: { id?: string; traits?: Record<string, unknown> } = {}): Person {
    const known = [...this.people.values()].find((person) => person.userId === userId);
    if (known) return known;
    const person: Person = {
      id: given.id ?? String(this.people.size + 1),
      userId,
      traits: mergeTraits({}, given.traits ?? {}),
      choices: [],
      erased: false,
      events: [],
      assignments: new Map(),
      lastEntries: new Map(),
    };
    this.people.set(person.id, person);
    return person;
  }

  /** Lets something happen to this person, now. */
  happen(person: Person, happening: Happening): void {
    switch (happening.kind) {
      case 'event':
        if (happening.event.startsWith('message_')) return this.acceptOfMessage(person, happening);
        return this.accept(person, {
          name: happening.event,
          properties: happening.properties ?? {},
          id: happening.id,
          at: this.now() - (happening.late === undefined ? 0 : parseDuration(happening.late)),
          activity: true,
        });
      case 'identify':
        person.traits = mergeTraits(person.traits, happening.traits);
        return;
      case 'request':
        return this.accept(person, {
          name: requestedEvent,
          properties: { ...happening.facts, journey: happening.journey },
          activity: false,
        });
      case 'choose': {
        const { topic = everyTopic, state } = happening;
        const others = person.choices.filter((choice) => choice.topic !== topic);
        person.choices = [...others, { topic, state, number: this.nextNumber() }];
        return;
      }
      case 'message':
        if (happening.set === 'running') this.switches.delete(happening.message);
        else this.switches.set(happening.message, happening.set);
        if (happening.set !== 'paused') this.wake((send) => send.message === happening.message);
        return;
      case 'mode':
        this.modes.set(happening.journey, happening.set);
        if (happening.set !== 'paused') this.wake((_, run) => run.journey === happening.journey);
        return;
      case 'stop': {
        const { reason = 'ended by an operator' } = happening;
        return this.endAll(person, { outcome: 'stopped', reason, at: this.now() });
      }
      case 'erase':
        person.erased = true;
        return this.endAll(person, { outcome: 'erased', at: this.now() });
    }
  }

  /** Takes an event in and decides it, in one go: nothing is ever pending here. */
  accept(person: Person, incoming: Incoming): void {
    const id = String(++this.lastEventId);
    const messageId = incoming.id ?? `event ${id}`;
    if (this.seenIds.has(messageId)) return;
    this.seenIds.add(messageId);
    const now = this.now();
    const event: KeptEvent = {
      id,
      name: incoming.name,
      properties: incoming.properties,
      at: incoming.at ?? now,
      acceptedAt: now,
      activity: incoming.activity,
      hop: incoming.hop ?? 0,
    };
    person.events.push(event);
    const state = {
      id: person.id,
      traits: person.traits,
      liveRuns: this.liveRuns(person),
      lastEntries: person.lastEntries,
      history: person.events,
    };
    for (const verdict of decideEvent(state, event, this.journeys)) this.apply(person, event, verdict);
    this.watch(person, event);
  }

  /** When time alone makes something happen next: an absence that comes true. */
  nextDue(): number | undefined {
    return this.watches.length === 0 ? undefined : Math.min(...this.watches.map((watch) => watch.fires));
  }

  /** Lets the absences happen that have come true by now. */
  tick(): void {
    const due = this.watches.filter((watch) => watch.fires <= this.now());
    this.watches = this.watches.filter((watch) => !due.includes(watch));
    for (const { journey, personId, event, since } of due) {
      const person = this.people.get(personId);
      const properties = { journey, event, since: new Date(since).toISOString() };
      if (person) this.accept(person, { name: absenceEvent, properties, activity: false });
    }
  }

  /** The journeys, with their modes as operators have set them. */
  private get journeys(): CatalogJourney[] {
    return this.options.journeys.map(({ id, header }) => ({
      id,
      header: { ...header, mode: this.modes.get(id) ?? header.mode },
    }));
  }

  liveRuns(person: Person): RunRow[] {
    return this.runs.filter((run) => run.personId === person.id && !run.ending);
  }

  run(id: string): RunRow | undefined {
    return this.runs.find((run) => run.id === id);
  }

  private apply(person: Person, event: KeptEvent, verdict: Verdict): void {
    this.decisions.push({ at: event.acceptedAt, event: event.name, personId: person.id, verdict });
    if (verdict.verdict === 'entered') return this.enter(person, event, verdict);
    if (verdict.verdict === 'refused' || verdict.verdict === 'deaf') return;
    const run = this.run(verdict.run);
    if (!run) return;
    if (verdict.verdict === 'heard') {
      run.heard++;
      return this.tell(run, { n: this.nextNumber(), kind: 'event', event: withoutAddressesIn(asJourneyEvent(event)) });
    }
    this.end(run, { outcome: verdict.outcome, reason: verdict.reason, at: event.acceptedAt });
  }

  private enter(
    person: Person,
    event: KeptEvent,
    { journey, key, header, holdout }: Extract<Verdict, { verdict: 'entered' }>,
  ): void {
    const number = this.nextNumber();
    const run: RunRow = {
      id: `r${this.runs.length + 1}`,
      number,
      journey,
      key,
      workflowId: workflowKey(journey, personKey(person), key),
      personId: person.id,
      header,
      holdout,
      trigger: event,
      startedAt: event.acceptedAt,
      heard: 0,
      steps: [],
    };
    this.runs.push(run);
    person.lastEntries.set(journey, event.acceptedAt);
    const start = startArgs({ ...run, trigger: asJourneyEvent(event), person }, this.options.clock);
    this.options.deliver({ kind: 'start', workflowId: run.workflowId, start });
  }

  private end(run: RunRow, ending: Ending): void {
    if (run.ending) return;
    run.ending = ending;
    this.tell(run, { n: this.nextNumber(), kind: 'end', ending });
  }

  private endAll(person: Person, ending: Ending): void {
    for (const run of this.liveRuns(person)) this.end(run, ending);
  }

  private tell(run: RunRow, item: Told): void {
    this.options.deliver({ kind: 'told', workflowId: run.workflowId, signal: { run: run.id, items: [item] } });
  }

  /** Runs of which such a send is held, or uncertain: as operators wake them, and no others. */
  private wake(isMeant: (send: Send, run: RunRow) => boolean): void {
    for (const run of this.runs) {
      const meant = this.sends.some(
        (send) => send.run === run.id && (send.state === 'held' || send.state === 'uncertain') && isMeant(send, run),
      );
      if (meant && !run.ending) this.tell(run, { n: this.nextNumber(), kind: 'wake' });
    }
  }

  private watch(person: Person, event: KeptEvent): void {
    for (const { id: journey, header } of this.journeys) {
      for (const trigger of header.on) {
        if (trigger.kind !== 'absent' || trigger.event !== event.name) continue;
        const isThis = (one: Watch) => one.journey === journey && one.personId === person.id;
        // One that is accepted late happened before the last, and moves nothing.
        const since = Math.max(event.at, this.watches.find(isThis)?.since ?? -Infinity);
        this.watches = this.watches.filter((one) => !isThis(one));
        const fires = since + trigger.forMs;
        this.watches.push({ journey, personId: person.id, event: event.name, since, fires });
      }
    }
  }

  /** A message's event names only the message in a scenario: meant is the last that went out, without which there is none. */
  private acceptOfMessage(person: Person, { event: name, properties = {} }: EventHappening): void {
    const send = this.sends.findLast(
      (one) =>
        one.personId === person.id &&
        one.message === properties['message'] &&
        (one.state === 'sent' || one.state === 'uncertain'),
    );
    if (!send) return;
    const { url } = properties;
    this.accept(person, {
      name,
      properties: { ...properties, message_id: send.id, run_id: send.run },
      ...(name === 'message_clicked' && { id: clickId(send.id, typeof url === 'string' ? url : '') }),
      activity: false,
    });
  }
}

function asJourneyEvent({ id, name, properties, at, acceptedAt }: KeptEvent) {
  return { id, name, properties, at, acceptedAt };
}
