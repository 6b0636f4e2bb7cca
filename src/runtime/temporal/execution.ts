/** One execution of a journey, from its start to its result: what it hears, and how it ends in Temporal. */
import {
  CancellationScope,
  CancelledFailure,
  defineSignal,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import {
  JourneyFailed,
  isStartArgs,
  runJourney,
  type Ending,
  type Journey,
  type RunningJourney,
  type StartArgs,
  type ToldSignal,
} from '../../journey';
import { journeyAttribute, outcomeAttribute, personAttribute, runAttribute } from './attributes';
import { createReader, type RunLimits } from './calls';
import { adoptedStart, foreignSignals } from './foreign';
import { journeyFailure } from './failure';
import { createTemporalPort } from './temporal-port';

/** What an execution results in. */
export type Result = Pick<Ending, 'outcome' | 'reason'>;

const told = defineSignal<[ToldSignal]>('told');
const event = defineSignal<[unknown]>('event');

export function runExecution(journey: Journey, args: unknown[], limits: RunLimits): Promise<Result> {
  const outer = CancellationScope.current();
  // A cancellation from outside does not fall into calls that are under way: it ends the run, in order.
  return CancellationScope.nonCancellable(() => execute(journey, args, limits, outer));
}

async function execute(
  journey: Journey,
  args: unknown[],
  limits: RunLimits,
  outer: CancellationScope,
): Promise<Result> {
  // State before handlers: what was signalled before the first task is handled as soon as a handler is set.
  let run: { id: string; journey: RunningJourney } | undefined = undefined;
  const early: ToldSignal[] = [];
  const read = createReader();
  const foreign = foreignSignals(read);
  const hear = (signal: ToldSignal) => {
    if (!run) early.push(signal);
    else if (signal.run === run.id) run.journey.told(signal.items);
  };
  setHandler(told, hear, { description: 'What Sojourn’s router tells this run, numbered' });
  setHandler(event, foreign.heard, {
    description: 'An event from any Temporal client: {event, properties?, messageId?}',
  });

  const [given] = args;
  const answer = isStartArgs(given) ? { startArgs: given } : await adoptedStart(read, args);
  if ('refused' in answer) {
    // An event that came with the start is the person's all the same.
    foreign.belongTo({ person: answer.person });
    await foreign.drained();
    return { outcome: 'not_entered', reason: answer.refused };
  }
  const start = answer.startArgs;
  if (start !== given) showRun(start);

  const port = createTemporalPort(start.clock, read, limits);
  const running = runJourney({ journey, start, port });
  run = { id: start.run.id, journey: running };
  foreign.belongTo({ run: start.run });
  early.splice(0).forEach(hear);
  outer.cancelRequested.catch(() => running.end({ outcome: 'stopped', reason: cancelled, at: port.now() }));

  let ending: Ending;
  let thrown: unknown;
  try {
    ending = await running.done;
  } catch (error) {
    if (!(error instanceof JourneyFailed)) throw error;
    ({ ending, cause: thrown } = error);
  }
  if (foreign.areWaiting) await foreign.drained();
  if (start.outcomeAttribute) upsertSearchAttributes([{ key: outcomeAttribute, value: ending.outcome }]);
  if (thrown) throw journeyFailure(thrown);
  if (outer.consideredCancelled && ending.reason === cancelled) throw new CancelledFailure(cancelled);
  return { outcome: ending.outcome, ...(ending.reason !== undefined && { reason: ending.reason }) };
}

const cancelled = 'cancelled in Temporal';

/** A run that another client started has none of the attributes that Sojourn's starter gives. */
function showRun({ run, outcomeAttribute: areKnown }: StartArgs): void {
  if (!areKnown) return;
  upsertSearchAttributes([
    { key: journeyAttribute, value: run.journey },
    { key: personAttribute, value: run.personId },
    { key: runAttribute, value: run.id },
  ]);
}
