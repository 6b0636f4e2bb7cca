/** Everything that is held to be true after the calm, by name. */
import { newRunsAreNew, ownCode, stopsAreOrderly } from './deploys';
import { decidedOnce, keptOnce, nothingWaits, signalsAreEvents } from './events';
import { endsAreHeard, inOrder, nothingMissed } from './hearing';
import { noneAfterAcknowledged, noneAfterTheEnd, noneAfterUnsubscribe, noneWhilePaused } from './never-after';
import { allHaveEnded, entryLimits, oneLiveRun, oneRunATrigger, requestsHaveRuns, tracesAreWhole } from './runs';
import { capsHold, oneAtATime, oneSendAStep, uncertainForAReason } from './sends';
import type { Invariant } from './violation';

export type { Invariant, Violation } from './violation';

export const invariants: Record<string, Invariant> = {
  keptOnce,
  signalsAreEvents,
  nothingWaits,
  decidedOnce,
  oneRunATrigger,
  oneLiveRun,
  entryLimits,
  requestsHaveRuns,
  allHaveEnded,
  tracesAreWhole,
  inOrder,
  nothingMissed,
  endsAreHeard,
  noneAfterTheEnd,
  noneAfterUnsubscribe,
  noneAfterAcknowledged,
  noneWhilePaused,
  oneSendAStep,
  oneAtATime,
  uncertainForAReason,
  capsHold,
  ownCode,
  newRunsAreNew,
  stopsAreOrderly,
};
