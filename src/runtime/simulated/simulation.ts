/** Journeys on the simulated clock: a world, runs of the real engine, and time that jumps. */
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { createClock } from '../../clock';
import {
  loadHeader,
  runJourney,
  type Journey,
  type KnownNames,
  type Port,
  type RunningJourney,
  type StartArgs,
} from '../../journey';
import type { Happening } from './happenings';
import { oneByOne } from './one-by-one';
import { play } from './play';
import { asJson, simulatedPort, type Answering } from './port';
import type { Content, Person, WorldDelivery } from './records';
import { sandboxOf, withSandboxes } from './sandbox';
import { Scheduler } from './scheduler';
import { World } from './world';

export interface SimulationOptions {
  journeys: readonly Journey[];
  content: Content;
  /** When it begins; milliseconds since 1970. */
  start: number;
  known?: KnownNames;
}

/** Something that happens so long after the beginning, in milliseconds. */
export interface Timed {
  at: number;
  person: Person;
  happening: Happening;
}

export class Simulation {
  readonly world: World;
  /** What bodies threw, by run. */
  readonly failures = new Map<string, unknown>();
  private readonly scheduler: Scheduler;
  private readonly sandbox: ReturnType<typeof sandboxOf>;
  private readonly running = new Map<string, RunningJourney>();
  private readonly port: Port;
  private readonly journeys: Map<string, Journey>;

  constructor(private readonly options: SimulationOptions) {
    this.journeys = new Map(options.journeys.map((journey) => [journey.id, journey]));
    this.scheduler = new Scheduler(options.start);
    this.sandbox = sandboxOf(this.scheduler);
    this.world = new World({
      clock: createClock({ epoch: options.start, scale: 1 }, () => this.scheduler.now),
      journeys: options.journeys.map(({ id, header }) => ({ id, header: loadHeader(id, header, options.known) })),
      content: options.content,
      deliver: (delivery) => this.deliver(delivery),
    });
    this.port = simulatedPort(this.scheduler, this.sandbox, answering(this.world));
  }

  /** Lets it all happen, and time pass until nothing waits any more, at most until `until` after the beginning. */
  run(timed: readonly Timed[], until: number): Promise<void> {
    const { scheduler, world } = this;
    const { start } = this.options;
    const stage = {
      happen: ({ person, happening }: Timed) => world.happen(person, happening),
      nextDue: () => world.nextDue(),
      tick: () => world.tick(),
    };
    return withSandboxes(() => play(scheduler, stage, { timed, start, until: start + until }));
  }

  private deliver(delivery: WorldDelivery): void {
    if (delivery.kind === 'told') {
      this.running.get(delivery.signal.run)?.told(asJson(delivery.signal.items));
      return;
    }
    const start = asJson(delivery.start);
    const journey = this.journeys.get(start.run.journey);
    if (journey) this.begin(journey, start);
  }

  private begin(journey: Journey, start: StartArgs): void {
    const running = runJourney({ journey: this.sandbox.confined(journey), start, port: this.port });
    this.running.set(start.run.id, running);
    running.done.catch((error: unknown) => this.failures.set(start.run.id, error));
  }
}

/** Calls of a world's runs: which of two comes first does not hang on how a check is written. */
function answering(world: World): Answering {
  const inTurn = oneByOne();
  return (op, carried, args) =>
    inTurn(async () => {
      // A turn later, as everywhere: what a body's first call leads to is told to a run that has begun.
      await eventLoopTurn();
      // The operation of this name takes these arguments.
      const operation = world.ops[op] as (carried: unknown, args: unknown) => Promise<unknown>;
      return await operation(carried, args);
    });
}
