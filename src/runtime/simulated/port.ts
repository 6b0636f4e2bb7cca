/** The port of `journey` on the simulated clock. What passes through it is JSON, as it is on Temporal. */
import type { Carried, OpName, Port } from '../../journey';
import type { sandboxOf } from './sandbox';
import type { Scheduler } from './scheduler';

/** Answers a call of a run as the operation of that name does; time stands still meanwhile. */
export type Answering = (op: OpName, carried: Carried, args: unknown) => Promise<unknown>;

export function simulatedPort(scheduler: Scheduler, sandbox: ReturnType<typeof sandboxOf>, answer: Answering): Port {
  const call = (op: OpName, carried: Carried, args: unknown) =>
    sandbox.leave(() => scheduler.during(async () => asJson(await answer(op, asJson(carried), asJson(args)))));
  return {
    now: () => scheduler.now,
    wait: (_name, until, woken) => scheduler.wait(until, woken),
    call: call as Port['call'], // each operation answers with its own result
    tell: () => undefined,
  };
}

export function asJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
