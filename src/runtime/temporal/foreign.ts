/**
 * What reaches a run from Temporal clients that are not Sojourn's. An `event` signal is accepted first, by an
 * activity, and comes back to the run as something it is told; a plain start is adopted, which applies the entry rules.
 */
import { ApplicationFailure, CancellationScope, condition, log, workflowInfo } from '@temporalio/workflow';
import type { RunRef } from '../../journey';
import type { Read } from './calls';
import type { Adopted, NamedPerson, SignalledEvent } from './external';

/** The start arguments of an execution that did not come with Sojourn's: those that the entry rules give it. */
export async function adoptedStart(read: Read, args: unknown[]): Promise<Adopted> {
  const [first] = args;
  if (typeof first === 'object' && first !== null && 'sojourn' in first) {
    throw ApplicationFailure.nonRetryable(
      'The start arguments say that they are Sojourn’s, and are not: `sojourn` must be 1, with `run` and `header`. ' +
        'Start the journey with plain facts, or with no argument, and Sojourn makes them.',
      'BadStartArguments',
    );
  }
  // Of an execution that was reset, this is the one that was started: its start has been adopted, and counts once.
  const { workflowId, originalExecutionRunId: temporalRunId, workflowType: journey } = workflowInfo();
  return await read('adoptStart', 'a start by another client', [{ journey, workflowId, temporalRunId, args }]);
}

/** Whose signals these are: the run's; or, where the start was refused, the person's, or nobody's. */
export type Belonging = { run: RunRef } | { person: NamedPerson | undefined };

/** Signals of other clients, handled one by one in their order, from when it is known whose they are. */
export interface ForeignSignals {
  /** Handles one; what is not an event is logged and dropped, since nobody can be told. */
  heard(signal: unknown): void;
  belongTo(whom: Belonging): void;
  /** Whether something that was signalled is not accepted yet. */
  readonly areWaiting: boolean;
  /** Resolves when nothing waits. */
  drained(): Promise<void>;
}

/** Of a name that nobody has checked yet, where people read it: in Temporal's UI and in logs. */
const shownCharacters = 80;

export function foreignSignals(read: Read): ForeignSignals {
  let whom: Belonging | undefined;
  let waiting = 0;
  let position = 0;
  let last: Promise<void> | undefined;

  const accept = async (signal: SignalledEvent, nth: number) => {
    await condition(() => whom !== undefined);
    const { event, properties = {}, messageId } = signal;
    const shown = event.slice(0, shownCharacters);
    const id = messageId ?? `sojourn:signal/${workflowInfo().originalExecutionRunId}/${nth}`;
    const { refused } =
      whom && ('run' in whom || whom.person)
        ? await read('acceptSignal', `the signalled event ${shown}`, [
            { ...whom, event, properties, messageId: id, ...(messageId === undefined && { made: true as const }) },
          ])
        : { refused: 'the start that it came with was refused, and named nobody' };
    if (refused !== undefined) log.warn('A signalled event was not accepted', { event: shown, refused });
  };

  return {
    heard(signal) {
      const event = asEvent(signal);
      if (!event) {
        log.warn('A signal `event` was dropped: its argument must be {event, properties?, messageId?}');
        return;
      }
      waiting++;
      const nth = ++position;
      last = (last ?? Promise.resolve())
        // Temporal has acknowledged it, so it counts, also where the execution is cancelled at the same moment.
        .then(() => CancellationScope.nonCancellable(() => accept(event, nth)))
        .catch((error: unknown) => log.error('A signalled event could not be accepted', { error: String(error) }))
        .finally(() => void waiting--);
    },
    belongTo(known) {
      whom = known;
    },
    get areWaiting() {
      return waiting > 0;
    },
    drained: () => condition(() => waiting === 0),
  };
}

function asEvent(signal: unknown): SignalledEvent | undefined {
  if (typeof signal !== 'object' || signal === null) return undefined;
  const { event, properties, messageId } = signal as Record<string, unknown>; // any object may be read so
  if (typeof event !== 'string' || event === '') return undefined;
  if (
    properties !== undefined &&
    (typeof properties !== 'object' || properties === null || Array.isArray(properties))
  ) {
    return undefined;
  }
  return {
    event,
    properties: properties as Record<string, unknown> | undefined, // an object, as was just seen
    messageId: typeof messageId === 'string' && messageId !== '' ? messageId : undefined,
  };
}
