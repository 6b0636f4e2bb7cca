/** A program: the naive workflow's worker. */
import * as activities from './activities';
import { serveWorker } from './serve-worker';

await serveWorker({
  taskQueue: 'naive',
  workflowsPath: new URL('./workflow.ts', import.meta.url).pathname,
  activities,
});
