/** Proving journeys: scenarios on the simulated clock. The matchers for Vitest are in `matchers.ts`, on their own. */
export { parseAt } from './at';
export {
  resultOf,
  type RunOutcome,
  type SentMessage,
  type Simulated,
  type SimulatedRun,
  type TracedStep,
} from './result';
export { simulateScenario, type ScenarioAnswer } from './scenario-file';
export {
  createMoments,
  createSimulate,
  stage,
  type Moment,
  type Moments,
  type Simulate,
  type SimulateOptions,
} from './simulate';
