/** Journeys that change what is known of a person, and report events of theirs: imports as in `journeys.ts`. */
import { createJourney, type Journey } from '../../src/journey';
import type { ScenarioTypes } from './journeys';

const journey = createJourney<ScenarioTypes>();

export const updates = journey('updates', { on: 'item_added' }, async (j) => {
  await j.update({ plan: 'vip' });
  const known = j.person.traits['plan'] === 'vip';
  return j.exit((await j.check('is-vip')) && known ? 'is a vip now' : 'is none');
});

export const updatesAddress = journey('updates-address', { on: 'item_added' }, async (j) => {
  const found: Record<string, unknown> = { email: 'new@example.com' };
  await j.update(found);
});

export const emits = journey('emits', { on: 'item_added', goal: { event: 'bought', within: '1 day' } }, async (j) => {
  await j.sleep('5 minutes');
  await j.emit('rewarded', { points: 10 });
  await j.emit('bought', {});
  await j.send('hello');
});

export const hearsItself = journey('hears-itself', { on: 'item_added', hears: ['visited'] }, async (j) => {
  await j.emit('visited', { path: '/thanks' });
  const visit = await j.waitFor('visited', { within: '1 hour' });
  return j.exit(visit ? `went to ${visit.path}` : 'stayed');
});

export const rewards = journey('rewards', { on: 'rewarded' }, async (j) => {
  await j.send('offer', { percent: j.event.name === 'rewarded' ? j.event.properties.points : 0 });
});

export const changingJourneys: Journey[] = [updates, updatesAddress, emits, hearsItself, rewards];
