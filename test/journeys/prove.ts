/** The words that tests of journeys are written with, bound to what stands in `events.ts`, `messages/` and `activities/`. */
import { checks } from '../../activities';
import { plan } from '../../events';
import { messages } from '../../messages';
import { topics } from '../../messages/topics';
import type { Types } from '../../sojourn';
import { createMoments, createSimulate } from '../../src/testing';

export const simulate = createSimulate({ messages, topics, checks }, { events: plan.names });
export const { at, happens } = createMoments<Types>();
