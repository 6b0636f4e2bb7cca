/** Runs a journey's body over a port, on whichever clock, from its start to its ending. */
import { ContentError, SojournError } from '../../errors';
import type { Journey } from '../authoring';
import type { Duration } from '../header';
import type { Exit, SendOptions } from '../j';
import type { Port } from '../port';
import type { Ending, StartArgs, Told } from '../run-data';
import { check, emit, experiment, send, update } from './act';
import { idle, sleep, sleepUntil } from './pause';
import { Run, RunEnded } from './run';
import { waitFor } from './wait-for';

/** The body threw. The run has been ended as failed; the runtime makes it visible where it runs. */
export class JourneyFailed extends SojournError {
  readonly code = 'journey_failed';
  constructor(
    readonly ending: Ending,
    override readonly cause: unknown,
  ) {
    super(ending.reason);
  }
}

export interface RunningJourney {
  /** Takes in what the run is told; items that it has seen are dropped. The owner leaves out those of other runs. */
  told(items: Told[]): void;
  /** Ends the run from outside the router: a cancellation in Temporal's UI. */
  end(ending: Ending): void;
  /** How the run ended. Rejects with `JourneyFailed` when its body threw. */
  done: Promise<Ending>;
}

export function runJourney({
  journey,
  start,
  port,
}: {
  journey: Journey;
  start: StartArgs;
  port: Port;
}): RunningJourney {
  const run = new Run(start, port);
  return {
    told: (items) => run.told(items),
    end: (ending) => run.end(ending),
    done: perform(journey, run),
  };
}

async function perform(journey: Journey, run: Run): Promise<Ending> {
  // The header that a body was typed for is the one it is run with; `Journey` only forgets that type.
  const body = journey.body as (j: ReturnType<typeof verbsOf>) => Promise<Exit | void>;
  let result: Exit | void = undefined;
  let thrown: unknown;
  try {
    result = await new Promise<Exit | void>((resolve, reject) => {
      run.onGivenUp = resolve;
      // A body that throws before its first verb rejects, too: this is the promise's own executor.
      Promise.resolve(body(verbsOf(run))).then(resolve, reject);
    });
  } catch (error) {
    if (!(error instanceof RunEnded)) thrown = error ?? new Error('The body threw nothing.');
  }
  thrown ??= run.misused;
  const at = run.now();
  if (run.ended || run.gone) return run.finish(run.ended ?? { outcome: 'completed', at });
  if (thrown === undefined) {
    return run.finish(result ? { outcome: 'exited', reason: result.exit, at } : { outcome: 'completed', at });
  }
  const failed: Ending = { outcome: 'failed', reason: thrown instanceof Error ? thrown.message : inspect(thrown), at };
  const ending = await run.finish(failed);
  if (ending.outcome === 'failed') throw new JourneyFailed(ending, thrown);
  return ending;
}

/** What was thrown, where it is no error. */
function inspect(thrown: unknown): string {
  return typeof thrown === 'string' ? thrown : (JSON.stringify(thrown) ?? typeof thrown);
}

/** `j` without its types; `J` in `j.ts` is what authors see. */
function verbsOf(run: Run) {
  const verb =
    <A extends unknown[], R>(does: (run: Run, ...args: A) => Promise<R>) =>
    (...args: A): Promise<R> => {
      if (run.isGivenUp) return new Promise<never>(() => {});
      const doing = does(run, ...args);
      // A verb that a body forgot to await may fail with nobody there to hear it: on Temporal that would fail the
      // workflow's task again and again, and look like a hang.
      doing.catch((error: unknown) => {
        if (error instanceof ContentError) run.misused ??= error;
      });
      return doing;
    };
  return {
    person: run.start.person,
    event: run.start.event,
    now: (): number => {
      run.assertLive();
      return run.now();
    },
    sleep: verb(sleep),
    sleepUntil: verb(sleepUntil),
    idle: verb((_, duration: Duration, options?: { of?: readonly string[] }) => idle(run, duration, options?.of)),
    waitFor: verb(waitFor),
    check: verb(check),
    send: verb((_, message: string, props?: Record<string, unknown>, options?: SendOptions) =>
      send(run, message, props ?? {}, options?.channel),
    ),
    experiment: verb(experiment),
    update: verb(update),
    emit: verb((_, event: string, properties?: Record<string, unknown>) => emit(run, event, properties ?? {})),
    exit: (reason: string): Exit => {
      run.assertLive();
      // Takes effect even where an author forgot to return it: the next verb throws.
      run.end({ outcome: 'exited', reason, at: run.now() });
      return { exit: reason };
    },
  };
}
