/** Scenarios on the simulated clock. */
import { createSimulate } from '../../src/prove';
import { content } from './content';
import type { Backend } from './run-scenario';
import { defaultStart } from './scenarios';

const simulate = createSimulate(content);

export const simulated: Backend = {
  toleranceMs: 0,
  run: ({ journey, with: others, moments, traits, consents, personId, start = defaultStart }) =>
    simulate(journey, moments, {
      with: others,
      traits,
      consents,
      person: { id: personId },
      start,
    }),
};
