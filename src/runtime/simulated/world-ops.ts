/** The operations of the port against a `World`. Like those against the store, they do nothing for a run that has ended. */
import { answerOf, cartEvents, cartOf, type CheckContext } from '../../behaviour';
import {
  hears,
  pickVariant,
  type Announced,
  type Answer,
  type Carried,
  type JourneyEvent,
  type Ops,
} from '../../journey';
import { mergeTraits } from '../../people';
import { withoutAddressesIn } from '../../runs';
import type { Person, RunRow } from './records';
import type { World } from './world';
import { sendIn } from './world-send';

export function createWorldOps(world: World): Ops {
  function operation<A, T>(idle: T, body: (person: Person, args: A, run: RunRow) => T | Promise<T>) {
    return async (carried: Carried, args: A): Promise<Answer<T>> => {
      const run = world.run(carried.run.id);
      const person = run && world.people.get(run.personId);
      if (!run || !person || run.number !== carried.run.number) return { value: idle, stale: true };
      for (const [index, step] of carried.steps.entries()) run.steps[carried.position + index] = step;
      if (run.ending) return { value: idle, ended: run.ending };
      return { value: await body(person, args, run) };
    };
  }

  return {
    report: operation<Parameters<Ops['report']>[1], Announced | null>(null, (_, { waiting }) => ({
      until: waiting?.until,
    })),

    lastActive: operation<{ of?: string[] }, number | null>(null, ({ events }, { of }) => {
      const active = events.filter((event) => (of ? of.includes(event.name) : event.activity));
      return active.length === 0 ? null : Math.max(...active.map((event) => event.at));
    }),

    catchUp: operation<Parameters<Ops['catchUp']>[1], JourneyEvent[]>(
      [],
      (person, { events, from, until, sendId }, run) =>
        person.events
          .filter(
            (event) =>
              events.includes(event.name) &&
              event.acceptedAt >= from &&
              event.acceptedAt <= until &&
              (sendId === undefined || event.properties['message_id'] === sendId) &&
              hears(run, event),
          )
          .map(withoutAddressesIn),
    ),

    check: operation<Parameters<Ops['check']>[1], unknown>(null, (person, { name, args, trigger }) => {
      const check = world.options.content.checks[name];
      if (!check) throw new Error(`There is no check '${name}' in activities/index.ts.`);
      return answerOf(name, check, askAbout(world, person, trigger), args);
    }),

    assign: operation<Parameters<Ops['assign']>[1], string>('', (person, { experiment, weights }) => {
      const variant = person.assignments.get(experiment) ?? pickVariant(person.id, experiment, weights);
      person.assignments.set(experiment, variant);
      return variant;
    }),

    update: operation<Parameters<Ops['update']>[1], null>(null, (person, { traits }) => {
      person.traits = mergeTraits(person.traits, traits);
      return null;
    }),

    emit: operation<Parameters<Ops['emit']>[1], null>(null, (person, { stepKey, event, properties }, run) => {
      world.accept(person, { name: event, properties, id: stepKey, activity: false, hop: run.trigger.hop + 1 });
      return null;
    }),

    finish: operation<Parameters<Ops['finish']>[1], null>(null, (_person, { ending }, run) => {
      run.ending = ending;
      return null;
    }),

    send: async (carried, request) => {
      const { ended, stale } = await operation(null, () => null)(carried, {});
      const run = world.run(carried.run.id);
      if (stale || !run) return { value: { status: 'skipped', id: '', reason: 'superseded' }, stale: true };
      return { value: sendIn(world, run, request), ...(ended && { ended }) };
    },
  };
}

function askAbout(world: World, person: Person, trigger: JourneyEvent): CheckContext {
  const events = (names: readonly string[], since = -Infinity): JourneyEvent[] =>
    person.events.filter((event) => names.includes(event.name) && event.at >= since);
  return {
    person: { id: person.id, userId: person.userId, traits: person.traits },
    trigger,
    now: world.now(),
    events: (names, options) => Promise.resolve(events(names, options?.since)),
    cart: () => Promise.resolve(cartOf(events(cartEvents))),
  };
}
