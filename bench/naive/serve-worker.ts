/** A worker as one starts it from Temporal's samples, with the SDK's own settings. */
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { serve } from '../child';

export async function serveWorker(
  options: Required<Pick<WorkerOptions, 'taskQueue' | 'workflowsPath' | 'activities'>>,
): Promise<void> {
  Runtime.install({
    logger: { log() {}, trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error },
    shutdownSignals: [],
  });
  const connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS });
  const worker = await Worker.create({ connection, ...options });
  void worker.run();
  serve(() => null);
}
