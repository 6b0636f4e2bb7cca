/** All the scenarios that every clock must pass with the same trace (P9). */
import { aboutDoing } from './about-doing';
import { aboutEnds } from './about-ends';
import { aboutEntry } from './about-entry';
import { aboutHearing } from './about-hearing';
import { aboutSandbox } from './about-sandbox';
import { aboutTheGuard } from './about-the-guard';
import { aboutTime } from './about-time';
import type { Scenario } from './scenario';

export { defaultStart, type Scenario } from './scenario';

export const scenarios: Scenario[] = [
  ...aboutTime,
  ...aboutEnds,
  ...aboutEntry,
  ...aboutHearing,
  ...aboutDoing,
  ...aboutTheGuard,
  ...aboutSandbox,
];
