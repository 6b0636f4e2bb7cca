/**
 * How a run's calls become activities. Reads are local: two attempts, 3 s in all; then the same call is an ordinary
 * activity, which people see, retried for as long as it takes.
 *
 * An execution has one local activity at a time, and its answer comes after all else that came with it. Where a task was
 * slow, answers that came one by one, or after a signal, come together in a replay; what follows from them would be
 * numbered otherwise.
 *
 * Sends and writes are ordinary from the start. What a local activity came to is in the history only when its workflow
 * task is; a signal at the wrong moment has the task repeated, and its reads asked again. So nothing may have followed
 * from their answers by then; and what a write leads to is told to this very run, by a signal at just that moment.
 */
import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  TimeoutFailure,
  condition,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  type ActivityOptions,
  type LocalActivityOptions,
} from '@temporalio/workflow';
import { Abandoned, type Ops } from '../../journey';
import { cameAlone } from './activation';
import type { ExternalOps } from './external';

type Activities = Ops & ExternalOps;
export type ActivityName = keyof Activities;
type Args<N extends ActivityName> = Parameters<Activities[N]>;
type Result<N extends ActivityName> = Awaited<ReturnType<Activities[N]>>;

const local = {
  startToCloseTimeout: '1500 milliseconds',
  scheduleToCloseTimeout: '3 seconds',
  retry: { maximumAttempts: 2, initialInterval: '200 milliseconds' },
} as const satisfies LocalActivityOptions;

const ordinary = {
  startToCloseTimeout: '45 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} as const satisfies ActivityOptions;

/** Days of a provider's outage cost no history: Temporal's own retries do not write any. */
const longestSend = '7 days';
const sending = {
  ...ordinary,
  retry: { ...ordinary.retry, maximumInterval: '5 minutes' },
} as const satisfies ActivityOptions;

/** What a bundle may set otherwise; tests do. */
export interface RunLimits {
  longestSend?: '7 days' | `${number} seconds`;
}

const localActivities = proxyLocalActivities<Activities>(local);
const activities = proxyActivities<Activities>(ordinary);

/**
 * A read. `summary` is what people see beside the activity's name. All calls reject with what happened, not with the
 * activity that it happened in; with `Abandoned` when they were cancelled before an attempt ran.
 */
export type Read = <N extends ActivityName>(
  name: N,
  summary: string,
  args: Args<N>,
  abandon?: () => boolean,
) => Promise<Result<N>>;

/** All reads of an execution go through one of these, for their turns. */
export function createReader(): Read {
  const inTurn = oneAtATime();
  return (name, summary, args, abandon) =>
    inTurn(() => untyped(localActivities, name).executeWithOptions({ ...local, summary }, args)).catch(
      (error: unknown) => {
        if (isPermanent(error)) throw whatHappened(error);
        return act(name, { ...ordinary, summary }, args, abandon);
      },
    );
}

/** Calls what it is given once what it was given before has settled; at once when nothing is under way. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let isBusy = false;
  const waiting: (() => void)[] = [];
  const next = () => {
    const first = waiting.shift();
    if (first) first();
    else isBusy = false;
  };
  const begin = <T>(work: () => Promise<T>) => work().finally(() => (cameAlone() ? next() : afterAllElse().then(next)));
  return (work) => {
    if (isBusy) return new Promise<void>((resolve) => waiting.push(resolve)).then(() => begin(work));
    isBusy = true;
    return begin(work);
  };
}

/**
 * Resolves when what else came with this activation has led to all that it leads to. A condition is looked at when no
 * promise is left to settle; what that settles may, in turn, meet one, which none does here more often than this.
 */
async function afterAllElse(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    let looks = 0;
    await condition(() => looks++ > 0); // the first look is at once
  }
}

/** A write that the store takes once, by its step key. */
export function write<N extends 'emit' | 'update'>(name: N, summary: string, args: Args<N>): Promise<Result<N>> {
  return act(name, { ...ordinary, summary }, args, undefined);
}

/** A send: resolves with what the attempt in flight comes to even when it is abandoned meanwhile. */
export async function send(
  summary: string,
  args: Args<'send'>,
  { longestSend: scheduleToCloseTimeout = longestSend }: RunLimits,
  abandon?: () => boolean,
): Promise<Result<'send'>> {
  try {
    return await attempt('send', { ...sending, scheduleToCloseTimeout, summary }, args, abandon);
  } catch (error) {
    if (!(error instanceof ActivityFailure && isOutOfTime(error))) throw whatHappened(error);
    const reason = `it could not be sent for ${scheduleToCloseTimeout}`;
    return await act('giveUp', { ...ordinary, summary }, [...args, reason], undefined);
  }
}

/**
 * An attempt that ran out of the time for all of them is a time-out; one that failed when the next would have come too
 * late is its own failure, with that as the reason for there being no retry.
 */
function isOutOfTime({ cause, retryState }: ActivityFailure): boolean {
  return cause instanceof TimeoutFailure || retryState === 'TIMEOUT';
}

function act<N extends ActivityName>(
  name: N,
  options: ActivityOptions,
  args: Args<N>,
  abandon: (() => boolean) | undefined,
): Promise<Result<N>> {
  return attempt(name, options, args, abandon).catch((error: unknown) => {
    throw whatHappened(error);
  });
}

function whatHappened(error: unknown): unknown {
  return error instanceof ActivityFailure && error.cause ? error.cause : error;
}

/** An ordinary activity, which rejects as Temporal's activities do. */
async function attempt<N extends ActivityName>(
  name: N,
  options: ActivityOptions,
  args: Args<N>,
  abandon: (() => boolean) | undefined,
): Promise<Result<N>> {
  if (abandon?.()) throw new Abandoned();
  const scope = new CancellationScope({ cancellable: true });
  let isSettled = false;
  if (abandon) {
    void condition(() => isSettled || abandon()).then(() => {
      if (!isSettled) scope.cancel();
    });
  }
  try {
    return await scope.run(() => untyped(activities, name).executeWithOptions(options, args));
  } catch (error) {
    if (isCancellation(error) && abandon?.()) throw new Abandoned();
    throw error;
  } finally {
    isSettled = true;
  }
}

function isPermanent(error: unknown): boolean {
  return (
    error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.nonRetryable === true
  );
}

interface Callable<N extends ActivityName> {
  executeWithOptions(options: ActivityOptions | LocalActivityOptions, args: Args<N>): Promise<Result<N>>;
}

/** The compiler can't follow one name through a map of functions; the map has exactly these functions. */
function untyped<N extends ActivityName>(proxies: unknown, name: N): Callable<N> {
  return (proxies as Record<ActivityName, Callable<N>>)[name];
}
