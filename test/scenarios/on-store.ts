/**
 * Scenarios on the simulated clock with the real store in place of the `World`: PostgreSQL, accept, the decider, the
 * deliverer, the guard and its ledger, and mails over SMTP. Only Temporal is left out, which `time-skipping.ts` has.
 *
 * Calls are answered one after the other, and what one leads to is told before its answer, so that a scenario goes the same
 * way however slow the machine is.
 */
import { RetryLater } from '../../src/errors';
import {
  runJourney,
  type Journey,
  type OpName,
  type Ops,
  type Port,
  type RunningJourney,
  type StartArgs,
} from '../../src/journey';
import { createDeliverer, type Loop, type Temporal } from '../../src/routing';
import { oneByOne } from '../../src/runtime/simulated/one-by-one';
import { play } from '../../src/runtime/simulated/play';
import { asJson, simulatedPort } from '../../src/runtime/simulated/port';
import { sandboxOf, withSandboxes } from '../../src/runtime/simulated/sandbox';
import { Scheduler } from '../../src/runtime/simulated/scheduler';
import { createStoreOps } from '../../src/runtime/store-ops';
import type { Happening } from '../../src/runtime/simulated';
import { Outside } from './store-outside';
import { openParts, type StoreOptions, type StoreParts } from './store-parts';

/** Something that happens so long after the beginning, in milliseconds. */
export interface TimedOnStore {
  at: number;
  personId: string;
  happening: Happening;
}

export async function openOnStore(options: StoreOptions): Promise<OnStore> {
  const scheduler = new Scheduler(options.start);
  const parts = await openParts(options, () => scheduler.now);
  const scenario = new OnStore(options, { scheduler, parts });
  await scenario.ready;
  return scenario;
}

export class OnStore {
  readonly ready: Promise<void>;
  private readonly scheduler: Scheduler;
  private readonly parts: StoreParts;
  private readonly outside: Outside;
  private readonly ops: Ops;
  private readonly sandbox: ReturnType<typeof sandboxOf>;
  private readonly running = new Map<string, RunningJourney>();
  private readonly untold: { n: number; tell: () => void }[] = [];
  private readonly deliverer: Loop;
  private onIdle: () => void = () => undefined;
  private wake: () => void = () => undefined;
  private readonly inTurn = oneByOne();
  private readonly port: Port;

  constructor(
    private readonly options: StoreOptions,
    { scheduler, parts }: { scheduler: Scheduler; parts: StoreParts },
  ) {
    this.scheduler = scheduler;
    this.parts = parts;
    this.outside = new Outside(parts);
    this.ops = createStoreOps(parts, { version: 'v1', temporalRunId: 't1' });
    this.sandbox = sandboxOf(scheduler);
    this.port = simulatedPort(scheduler, this.sandbox, (...call) => this.leadTo(() => this.answer(...call)));
    this.ready = this.idle();
    this.deliverer = createDeliverer({
      db: parts.db,
      temporal: this.temporal(),
      idle: () => {
        this.onIdle();
        return new Promise((resolve) => (this.wake = resolve));
      },
    });
  }

  get db() {
    return this.parts.db;
  }

  get mails() {
    return this.parts.peer.mails;
  }

  person(userId: string, given: { id?: string; traits: Record<string, unknown> }): Promise<string> {
    return this.outside.meet(userId, given);
  }

  happen(personId: string, happening: Happening): Promise<void> {
    return this.leadTo(() => this.outside.happen(personId, happening));
  }

  /** Lets it all happen, and time pass until nothing waits any more, at most until `until` after the beginning. */
  run(timed: readonly TimedOnStore[], until: number): Promise<void> {
    const { outside, scheduler } = this;
    const { start } = this.options;
    const stage = {
      happen: ({ personId, happening }: TimedOnStore) => this.happen(personId, happening),
      nextDue: () => outside.nextDue(),
      tick: () => this.leadTo(() => outside.tick()),
    };
    return withSandboxes(() => play(scheduler, stage, { timed, start, until: start + until }));
  }

  async close(): Promise<void> {
    const stopped = this.deliverer.stop();
    this.wake();
    await stopped;
    await this.parts.close();
  }

  private idle(): Promise<void> {
    return new Promise((resolve) => (this.onIdle = resolve));
  }

  /** Tells the runs all that was decided. */
  private async deliver(): Promise<void> {
    const { db, owed } = this.parts;
    while (owed.something) {
      owed.something = false;
      const idle = this.idle();
      this.wake();
      await idle;
      // Which of several runs is told first is nobody's promise; here it is as it was decided.
      for (const { tell } of this.untold.splice(0).sort((a, b) => a.n - b.n)) tell();
    }
    const left = await db.selectFrom('dispatch').select('last_error').execute();
    if (left.length > 0) throw new Error(`Something was not delivered: ${left[0]!.last_error}`);
  }

  private temporal(): Temporal {
    return {
      start: ({ start }) => {
        this.untold.push({ n: start.run.number, tell: () => this.begin(asJson(start)) });
        return Promise.resolve({ status: 'started', temporalRunId: 't1' });
      },
      tell: ({ signal: { run, items } }) => {
        for (const item of asJson(items)) {
          this.untold.push({ n: item.n, tell: () => this.running.get(run)?.told([item]) });
        }
        return Promise.resolve('told');
      },
    };
  }

  private begin(start: StartArgs): void {
    // Only these are in the catalog.
    const journey: Journey = this.options.journeys.find(({ id }) => id === start.run.journey)!;
    const running = runJourney({ journey: this.sandbox.confined(journey), start, port: this.port });
    this.running.set(start.run.id, running);
    running.done.catch(() => undefined); // its row says so
  }

  /** In its turn; what it leads to is told before it is over. */
  private leadTo<T>(work: () => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      const done = await work();
      await this.deliver();
      return done;
    });
  }

  private async answer(op: OpName, carried: unknown, args: unknown): Promise<unknown> {
    // The operation of this name takes these arguments, and answers this.
    const operation = this.ops[op] as (carried: unknown, args: unknown) => Promise<unknown>;
    const send = op === 'send' ? (args as Parameters<Ops['send']>[1]) : undefined;
    if (send) this.outside.expect(send.message);
    for (;;) {
      try {
        const answer = await operation(carried, args);
        if (send) this.outside.noteSend(send.stepKey, (answer as Awaited<ReturnType<Ops['send']>>).value.id);
        return answer;
      } catch (error) {
        // Temporal would let some time pass.
        if (!(error instanceof RetryLater)) throw error;
      }
    }
  }
}
