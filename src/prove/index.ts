/** Proving journeys: scenarios on the simulated clock. The matchers for Vitest are in `matchers.ts`, on their own. */
export { parseAt } from './at';
export type { RunOutcome, SentMessage, Simulated, SimulatedRun, TracedStep } from './result';
export { simulateScenario, type ScenarioAnswer } from './scenario-file';
export { createMoments, createSimulate, type Moment, type Moments, type Simulate, type SimulateOptions } from './simulate';
