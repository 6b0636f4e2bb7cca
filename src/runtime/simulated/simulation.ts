/** Journeys on the simulated clock: a world, runs of the real engine, and time that jumps. */
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { createClock } from '../../clock';
import {
  loadHeader,
  runJourney,
  type Carried,
  type Journey,
  type KnownNames,
  type OpName,
  type Ops,
  type Port,
  type RunningJourney,
  type StartArgs,
} from '../../journey';
import type { Happening } from './happenings';
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
  private turn: Promise<unknown> = Promise.resolve();
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
  }

  /** Lets it all happen, and time pass until nothing waits any more, at most until `until` after the beginning. */
  run(timed: readonly Timed[], until: number): Promise<void> {
    return withSandboxes(() => this.play(timed, until));
  }

  private async play(timed: readonly Timed[], until: number): Promise<void> {
    // Stable: what happens at the same time happens in the order given.
    const coming = [...timed].sort((a, b) => a.at - b.at);
    const end = this.options.start + until;
    for (;;) {
      await this.scheduler.settle();
      const happens = coming[0] && this.options.start + coming[0].at;
      const due = this.world.nextDue();
      const next = Math.min(happens ?? Infinity, due ?? Infinity, this.scheduler.nextDeadline() ?? Infinity);
      if (next > end) return;
      this.scheduler.now = Math.max(this.scheduler.now, next);
      const [first] = coming;
      if (first && happens !== undefined && happens <= this.scheduler.now) {
        coming.shift();
        this.world.happen(first.person, first.happening);
      } else if (due !== undefined && due <= this.scheduler.now) this.world.tick();
      else this.scheduler.expireOne();
    }
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
    const running = runJourney({ journey: this.sandbox.confined(journey), start, port: this.port() });
    this.running.set(start.run.id, running);
    running.done.catch((error: unknown) => this.failures.set(start.run.id, error));
  }

  /** One call after the other: which of two runs comes first does not hang on how a check is written. */
  private inTurn<T>(call: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(call);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private port(): Port {
    const { sandbox, scheduler, world } = this;
    return {
      now: () => scheduler.now,
      wait: (_name, until, woken) => scheduler.wait(until, woken),
      call: (op, carried, args) =>
        sandbox.leave(() => scheduler.during(() => this.inTurn(() => callIn(world, op, carried, args)))),
      tell: () => undefined,
    };
  }
}

/** A turn later, as everywhere: what a body's first call leads to is told to a run that has begun. */
async function callIn<N extends OpName>(
  world: World,
  op: N,
  carried: Carried,
  args: Parameters<Ops[N]>[1],
): Promise<Awaited<ReturnType<Ops[N]>>> {
  await eventLoopTurn();
  // TypeScript can't see that the operation found under N takes N's arguments.
  const operation = world.ops[op] as (c: Carried, a: typeof args) => Promise<Awaited<ReturnType<Ops[N]>>>;
  return asJson(await operation(asJson(carried), asJson(args)));
}

/** What passes between a run and the world is JSON, as it is on Temporal. */
function asJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
