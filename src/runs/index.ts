export { adoption, runRef, startArgs, withoutAddressesIn, workflowIdOf, type RunToStart } from './start-args';
export { tracesOfEvents, tracesOfRun, type RunTraces } from './trace';
export { endLiveRun, endOfRun, endRuns, type RunEnd } from './end';
export {
  countRuns,
  decisionsBefore,
  keyedColumn,
  keysOfRuns,
  listRuns,
  readRun,
  runMomentsBefore,
  stepsBefore,
  type Keyed,
  type RunCount,
  type RunDetail,
  type RunView,
} from './read';
