/**
 * The package's second door, `sojourn/testing`: what tests of journeys and messages are written with. Loading it also gives Vitest's
 * `expect` the matchers for what came of a journey.
 */
import './prove/matchers';

export { loadContent } from './content';
export {
  createMoments,
  createSimulate,
  type Moment,
  type Moments,
  type RunOutcome,
  type SentMessage,
  type Simulate,
  type SimulateOptions,
  type Simulated,
  type TracedStep,
} from './prove';
export type { ExpectedSend } from './prove/matchers';
