/** A program: the lean workflow's worker, with the SDK's own settings. */
import { serveWorker } from '../naive/serve-worker';
import * as activities from './activities';

await serveWorker({
  taskQueue: 'lean',
  workflowsPath: new URL('./workflow.ts', import.meta.url).pathname,
  activities,
});
