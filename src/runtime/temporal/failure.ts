import { ApplicationFailure } from '@temporalio/workflow';

/** What a body threw, as what ends its execution in Temporal, whatever it was; it stays inside as the cause. */
export function journeyFailure(thrown: unknown): ApplicationFailure {
  const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
  return ApplicationFailure.create({ message: cause.message, type: 'JourneyFailed', nonRetryable: true, cause });
}
