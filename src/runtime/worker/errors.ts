/**
 * The one place where Sojourn's errors become Temporal's: what an activity throws says whether, and when, Temporal
 * tries again.
 */
import { ApplicationFailure } from '@temporalio/common';
import { ContentError, RetryLater, SojournError } from '../../errors';
import { inWellFormedWords } from '../temporal';

/** A permanent error says so itself: `readonly permanent = true`. What a team wrote wrongly is permanent, too. */
function isPermanent(error: SojournError): boolean {
  return error instanceof ContentError || ('permanent' in error && error.permanent === true);
}

export function toActivityFailure(error: unknown): ApplicationFailure {
  return inWellFormedWords(failureOf(error));
}

function failureOf(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof RetryLater) {
    return ApplicationFailure.fromError(error, { type: error.code, nextRetryDelay: error.afterMs });
  }
  if (error instanceof SojournError) {
    return ApplicationFailure.fromError(error, { type: error.code, nonRetryable: isPermanent(error) });
  }
  return ApplicationFailure.fromError(error, { nonRetryable: false });
}
