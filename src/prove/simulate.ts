/**
 * `simulate`: a scenario through the real engine, the router's rules and the guard's, on a clock that jumps. A year of
 * a journey takes milliseconds, and gives the trace that Temporal would give.
 */
import { nearestName } from '../config';
import { JourneyFailed, day, type AnyTypes, type EventName, type Journey, type KnownNames } from '../journey';
import { Simulation, type Content, type Happening, type Person, type Timed, type World } from '../runtime/simulated';
import { parseAt } from './at';
import { resultOf, type Simulated } from './result';

/** Something that happens, so long after the beginning. */
export interface Moment {
  at: string;
  happening: Happening;
  /** Whom it happens to, when not the scenario's person. */
  userId?: string;
}

export interface SimulateOptions {
  person?: { userId?: string; /** Sojourn's own id, by which variants and holdouts are drawn. */ id?: string };
  /** Of the person. They have an e-mail address unless `email` is null. */
  traits?: Record<string, unknown>;
  /** What they chose beforehand, by topic; `*` for all marketing. */
  consents?: Record<string, 'in' | 'out'>;
  /** The journeys that events may also start: those that the journey emits events for. */
  with?: readonly Journey[];
  /** When it begins: an ISO date, a Monday morning unless given. */
  start?: string;
  /** How long it goes on at most: two years unless given. */
  until?: string;
}

export type Simulate = (journey: Journey, moments: readonly Moment[], options?: SimulateOptions) => Promise<Simulated>;

const mondayMorning = '2026-01-05T09:00:00Z';
/** A scenario that still waits after two years is over. */
const longest = 730 * day;

/** Puts the scenario's people into a world, on whichever clock, and says what happens to them when. */
export function stage(world: World, moments: readonly Moment[], options: SimulateOptions): Timed[] {
  const known = (userId: string, id?: string, traits?: Record<string, unknown>): Person =>
    world.person(userId, { id, traits: { email: `${userId.replace(/[^\w.-]/g, '-')}@example.com`, ...traits } });
  const person = known(options.person?.userId ?? 'somebody', options.person?.id, options.traits);
  for (const [topic, state] of Object.entries(options.consents ?? {})) {
    world.happen(person, { kind: 'choose', topic, state });
  }
  return moments.map(({ at, userId, happening }) => ({
    at: parseAt(at),
    person: userId === undefined ? person : known(userId),
    happening,
  }));
}

/**
 * Binds `simulate` to a team's messages and checks.
 *
 * @example
 * export const simulate = createSimulate({ messages, topics, checks });
 * const run = await simulate(cartAbandonment, [at('0m', 'add_to_cart', { value: 80 })]);
 */
export function createSimulate(content: Content, known?: KnownNames): Simulate {
  return async (journey, moments, options = {}) => {
    const start = Date.parse(options.start ?? mondayMorning);
    const journeys = [journey, ...(options.with ?? [])];
    const names = known && { nearest: nearestName, ...known };
    const simulation = new Simulation({ journeys, content, start, known: names });
    const { world } = simulation;
    await simulation.run(
      stage(world, moments, options),
      options.until === undefined ? longest : parseAt(options.until),
    );
    // A body's own mistake is its trace's `failed`; anything else is a fault of the test's parts.
    for (const error of simulation.failures.values()) if (!(error instanceof JourneyFailed)) throw error;
    return resultOf(world, journey.id, start);
  };
}

export interface Moments<T extends AnyTypes> {
  /** An event of the plan. Of a message's events it is enough to name the message: `{ message: 'cart-reminder' }`. */
  at<N extends EventName<T>>(
    time: string,
    event: N,
    ...properties: N extends `message_${string}`
      ? [properties: { message: keyof T['messages'] & string; url?: string }]
      : Record<never, never> extends T['events'][N]
        ? [properties?: T['events'][N]]
        : [properties: T['events'][N]]
  ): Moment;
  /** Anything else: a request, a choice, an operator's act. */
  happens(time: string, happening: Happening): Moment;
}

/** The words of scenarios, bound to a team's events. */
export function createMoments<T extends AnyTypes>(): Moments<T> {
  return {
    at: (time, event, ...[properties]) => ({
      at: time,
      happening: { kind: 'event', event, properties: properties as Record<string, unknown> | undefined },
    }),
    happens: (time, happening) => ({ at: time, happening }),
  };
}
