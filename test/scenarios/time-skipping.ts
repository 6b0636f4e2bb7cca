/**
 * Scenarios on Temporal, with time skipped: the same `World` as on the simulated clock, behind a real server, a real
 * worker and the real starter. Time belongs to the whole server, so one scenario runs after the other.
 *
 * The stack's clock runs a hundred times slower than the server's, whose time costs nothing: what a busy machine
 * takes for a step is then a hundredth of that in the scenario, and traces are equal to the second.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { createClock } from '../../src/clock';
import { type CatalogJourney, type Ops, day, hour, loadHeader } from '../../src/journey';
import { type SimulationOptions, type Timed, World, type WorldDelivery } from '../../src/runtime/simulated';
import {
  type Bundle,
  type ExternalOps,
  type StartRequest,
  type TemporalStarter,
  createActivities,
  createTemporalStarter,
  prepareRuntime,
} from '../../src/runtime/worker';
import { quiet } from '../temporal/rig';
import { startTimeSkippingServer, type TimeSkippingServer } from './time-skipping-server';

const scale = 1 / 100;
const taskQueue = 'sojourn';

export interface Course {
  /** Says what happens, once the world is there; times are milliseconds since the scenario's beginning. */
  prepare(world: World): readonly Timed[];
  /** How long it goes on at most. */
  until: number;
}

export interface TimeSkipping {
  /** The world after all of it has happened, and every run has ended. */
  run(options: SimulationOptions, course: Course): Promise<World>;
  close(): Promise<void>;
}

/** `bundle` holds the journeys of every scenario. */
export async function openTimeSkipping(server: { path: string }, bundle: Bundle): Promise<TimeSkipping> {
  prepareRuntime(quiet);
  const env = await startTimeSkippingServer(server);
  let scenario: Scenario | undefined;
  const worker = await Worker.create({
    connection: env.nativeConnection,
    namespace: env.namespace,
    taskQueue,
    workflowBundle: { code: bundle.code },
    activities: createActivities({
      version: bundle.version,
      knownAttributes: new Set(),
      ops: () => opsOf(() => scenario),
    }),
  });
  const running = worker.run();
  const client = new Client({ connection: env.connection, namespace: env.namespace });
  const starter = createTemporalStarter({ client, taskQueue, knownAttributes: new Set() });

  return {
    async run(options, { prepare, until }) {
      scenario = new Scenario({ env, client, starter }, options, await env.currentTimeMs());
      try {
        await scenario.run(prepare(scenario.world), until);
        return scenario.world;
      } finally {
        await scenario.close();
      }
    },
    async close() {
      worker.shutdown();
      await running;
      await env.close();
    },
  };
}

interface Parts {
  env: TimeSkippingServer;
  client: Client;
  starter: TemporalStarter;
}

class Scenario {
  readonly world: World;
  private serverNow: number;
  /** While something happens, it is exactly then. */
  private pinned: number | undefined;
  private deliveries: Promise<void> = Promise.resolve();
  private readonly restarts: Promise<void>[] = [];
  private readonly started = new Map<string, string>();
  private readonly epoch: number;

  constructor(
    private readonly parts: Parts,
    private readonly options: SimulationOptions,
    serverStart: number,
  ) {
    this.serverNow = serverStart;
    this.epoch = (options.start - serverStart * scale) / (1 - scale);
    const clock = createClock({ epoch: this.epoch, scale }, () => this.serverNow);
    this.world = new World({
      clock: { ...clock, now: () => this.pinned ?? clock.now() },
      journeys: this.journeys(),
      content: options.content,
      deliver: (delivery) => {
        this.deliveries = this.deliveries.then(() => this.deliver(delivery));
      },
    });
  }

  async run(timed: readonly Timed[], until: number): Promise<void> {
    const coming = timed.toSorted((a, b) => a.at - b.at);
    const end = this.options.start + until;
    let idleStep = hour;
    for (;;) {
      const [first] = coming;
      const happens = first && this.options.start + first.at;
      const due = this.world.nextDue();
      const next = Math.min(happens ?? Infinity, due ?? Infinity);
      if (next === Infinity && (await this.areAllClosed())) return;
      if (next > end && this.now() >= end) return;

      // A run may do what lets an absence come true sooner, or be over sooner: time goes on in steps.
      const step = next === Infinity ? (idleStep *= 2) : this.shortestAbsence();
      const target = Math.min(next, end, this.now() + step);
      await this.sleepUntil(target);
      if (target < next) continue;
      if (first && happens === next) {
        coming.shift();
        await this.at(next, () => this.world.happen(first.person, first.happening));
      } else await this.at(next, () => this.world.tick());
    }
  }

  /** Answers for the runs; what it leads to is delivered before the answer, since the server then lets time go on. */
  async call<T>(answer: () => Promise<T>): Promise<T> {
    await this.refresh();
    const before = this.deliveries;
    const answered = await answer();
    if (this.deliveries !== before) await this.deliveries;
    return answered;
  }

  async close(): Promise<void> {
    for (const workflowId of new Set(this.started.values())) {
      await this.parts.starter.terminate({ workflowId, reason: 'the scenario is over' });
    }
  }

  private journeys(): CatalogJourney[] {
    return this.options.journeys.map(({ id, header }) => ({ id, header: loadHeader(id, header, this.options.known) }));
  }

  private now(): number {
    return createClock({ epoch: this.epoch, scale }, () => this.serverNow).now();
  }

  private async refresh(): Promise<void> {
    this.serverNow = Math.max(this.serverNow, await this.parts.env.currentTimeMs());
  }

  /** Half a second of the server's before it: what happens at the very time of a deadline comes before the deadline. */
  private async sleepUntil(target: number): Promise<void> {
    await this.delivered();
    await this.refresh();
    const wall = this.epoch + (target - this.epoch) / scale - 500 - this.serverNow;
    if (wall > 0) await this.parts.env.sleep(Math.floor(wall));
    await this.refresh();
  }

  private async at(time: number, happen: () => void): Promise<void> {
    this.pinned = time;
    happen();
    this.pinned = undefined;
    await this.delivered();
  }

  private shortestAbsence(): number {
    const absences = this.journeys().flatMap(({ header }) =>
      header.on.flatMap((on) => (on.kind === 'absent' ? on.forMs : [])),
    );
    return Math.max(Math.min(...absences, 365 * day) / 2, 1_000);
  }

  private async areAllClosed(): Promise<boolean> {
    for (const run of this.world.runs) {
      const workflowId = this.started.get(run.id);
      // A run that was ended still has its last words to say; they need no time.
      for (let tries = 0; tries < (run.ending ? 200 : 1); tries++) {
        const open = workflowId && (await this.parts.starter.describe(workflowId));
        if (!open || open.status !== 'running' || open.sojournRun !== run.id) break;
        if (!run.ending) return false;
        await sleep(25);
      }
    }
    return true;
  }

  /** Scenarios share a server, and count their runs from one: an id of one is none of another. */
  private own(workflowId: string): string {
    return `${workflowId}/${this.options.start}/${this.epoch}`;
  }

  private async deliver(delivery: WorldDelivery): Promise<void> {
    const { starter } = this.parts;
    if (delivery.kind === 'told') {
      await starter.tell({ ...delivery, workflowId: this.own(delivery.workflowId) });
      return;
    }
    const { start } = delivery;
    const workflowId = this.own(delivery.workflowId);
    this.started.set(start.run.id, workflowId);
    const { id: runId, journey, personId } = start.run;
    const own = { ...start, clock: { epoch: this.epoch, scale } };
    const request = { workflowId, journey, start: own, personId, runId };
    const { status } = await starter.start(request);
    // The run before it is about to end, and may need answers for it: they must not wait for this.
    if (status === 'busy') this.restarts.push(this.startOnceFree(request));
  }

  private async startOnceFree(request: StartRequest): Promise<void> {
    for (let tries = 0; tries < 400; tries++) {
      await sleep(25);
      const { status } = await this.parts.starter.start(request);
      if (status !== 'busy') return;
    }
    throw new Error(`${request.workflowId} stayed busy`);
  }

  /** Everything that has happened is known to the runs. */
  private async delivered(): Promise<void> {
    await this.deliveries;
    await Promise.all(this.restarts.splice(0));
  }
}

function opsOf(scenario: () => Scenario | undefined): Ops & ExternalOps {
  const call = (name: string) => {
    return async (...args: unknown[]): Promise<unknown> => {
      const current = scenario();
      if (!current) throw new Error('No scenario runs.');
      const operation = Reflect.get(current.world.ops, name) as (...args: unknown[]) => Promise<unknown>;
      return await current.call(() => operation(...args));
    };
  };
  // Every name that the worker asks for is one of `Ops`; scenarios have no other clients.
  return new Proxy({} as Ops & ExternalOps, { get: (_, name: string) => call(name) });
}
