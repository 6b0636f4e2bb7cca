/** Journeys whose sends wait, or can't go out: imports as in `journeys.ts`. */
import { createJourney, type Journey } from '../../src/journey';
import type { ScenarioTypes } from './journeys';

const journey = createJourney<ScenarioTypes>();

export const nudgesLater = journey('nudges-later', { on: 'login' }, async (j) => {
  await j.sleep('10 minutes');
  await j.send('nudge');
});

export const sendsWrongly = journey('sends-wrongly', { on: 'visited', topic: 'tips' }, async (j) => {
  await j.send('offer', { percent: 0 });
  await j.sleep('40 minutes');
  await j.send('receipt', {}, { channel: 'pigeon' });
});

export const guardJourneys: Journey[] = [nudgesLater, sendsWrongly];
