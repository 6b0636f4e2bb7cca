/** A program: the naive workflow's worker, with the SDK's own settings. */
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { serve } from '../child';
import * as activities from './activities';

Runtime.install({
  logger: { log() {}, trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error },
  shutdownSignals: [],
});
const connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS });
const worker = await Worker.create({
  connection,
  taskQueue: 'naive',
  workflowsPath: new URL('./workflow.ts', import.meta.url).pathname,
  activities,
});
void worker.run();
serve(() => null);
