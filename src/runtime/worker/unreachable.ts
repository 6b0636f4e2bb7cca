/** Tells a Temporal server that is away from one that answers: the first is worth another try later. */
import { type Client, isGrpcServiceError } from '@temporalio/client';
import { RetryLater } from '../../errors';

// gRPC status codes (https://grpc.io/docs/guides/status-codes): what says nothing about the request itself.
const passing = new Map([
  [1, 'cancelled it'],
  [4, 'gave no answer in time'],
  [8, 'is overloaded'],
  [14, 'is away'],
]);

const answerWithinMs = 5_000;

/** Runs a call to Temporal; when the server can't be reached or is overloaded, it throws `RetryLater` instead. */
export async function reachingTemporal<T>(client: Client, call: () => Promise<T>): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + answerWithinMs, call);
  } catch (error) {
    const state = serverState(error);
    if (state) throw new RetryLater(`A call to the Temporal server is tried again, which ${state}.`);
    throw error;
  }
}

function serverState(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (isGrpcServiceError(cause)) return passing.get(cause.code);
  }
  return undefined;
}
